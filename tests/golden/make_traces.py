"""Write the keypoint traces anew: what the estimator sees in the clips that come with the program, ten times a second.

    python tests/golden/make_traces.py

The traces are inputs: after writing them, look at the events again with `pytest tests/golden --rewrite-golden`.
"""

from pathlib import Path

import numpy as np

from unslouch.bootstrap import open_estimator, open_video
from unslouch.core.pose import PoseFrame

TRACES = Path(__file__).parent / "traces"
CLIPS = Path(__file__).resolve().parents[2] / "src" / "unslouch" / "data" / "clips"
EVERY_S = 0.1
PX, M = 4.0, 1000.0
"""Steps a pixel and a metre are stored in."""


def write_trace(path: Path, poses: list[PoseFrame]) -> None:
    """Store poses as small whole numbers, the first frame and then the changes."""
    points = np.stack([pose.keypoints_px * PX for pose in poses])
    world = np.stack([pose.world_m * M for pose in poses])
    np.savez_compressed(
        path,
        t_ms=np.array([round(pose.t_s * 1000) for pose in poses], np.int32),
        size_px=np.array(poses[0].size_px, np.int32),
        seen=np.isfinite(points[..., 0]),
        points=_changes(points),
        world=_changes(world),
    )


def read_trace(path: Path) -> list[PoseFrame]:
    """Read a trace back."""
    with np.load(path) as trace:
        seen = trace["seen"]
        points = np.cumsum(trace["points"], axis=0, dtype=np.int64) / PX
        world = np.cumsum(trace["world"], axis=0, dtype=np.int64) / M
        points[~seen] = np.nan
        world[~seen.any(axis=1)] = np.nan
        width, height = (int(side) for side in trace["size_px"])
        return [
            PoseFrame(t_ms / 1000, (width, height), points[i], seen[i].astype(float), world[i])
            for i, t_ms in enumerate(trace["t_ms"].tolist())
        ]


def _changes(values: np.ndarray) -> np.ndarray:
    """Differences from frame to frame; what is not seen keeps its last place."""
    held = np.zeros_like(values)
    last = np.zeros(values.shape[1:])
    for i, frame in enumerate(values):
        last = np.where(np.isfinite(frame), frame, last)
        held[i] = last
    return np.diff(held.round().astype(np.int16), axis=0, prepend=np.zeros((1, *values.shape[1:]), np.int16))


def main() -> None:
    """Look at every clip."""
    TRACES.mkdir(exist_ok=True)
    for clip in sorted(CLIPS.glob("*.mp4")):
        estimator, video = open_estimator(), open_video(clip)
        poses: list[PoseFrame] = []
        for frame in video:
            pose = estimator.estimate(frame)
            if not poses or frame.t_s - poses[-1].t_s >= EVERY_S - 1e-3:
                poses.append(pose)
        video.close()
        estimator.close()
        write_trace(TRACES / f"{clip.stem}.npz", poses)
        print(f"{clip.stem}: {len(poses)} poses")


if __name__ == "__main__":
    main()
