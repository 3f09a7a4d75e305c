"""Agreement of the landmarks with `mediapipe==0.10.21` `solutions.pose` on the same frames.

    python -m bench.landmarks [CLIP …]

Two comparisons, both as the mean distance of the 33 points in % of torso length. *Same region*: the network looks at
the very square that the oracle looked at. *Tracked*: both follow the person by themselves, so that small differences
feed back; beside it stands the oracle against itself when one value in a hundred changes by one grey level.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import unslouch_pose_model
from bench.material import Oracle, OracleTrace, find_clips, find_oracle_python, read_frames

from unslouch.estimators.blazepose import BlazePose
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.landmarker import Landmarker
from unslouch.ports import Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAMES_PER_CLIP = 180
ORACLE_PERIOD_S = 0.033333
"""What `solutions` takes for granted between two frames, whatever their times."""
NOISE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Agreement:
    """Mean and 95th percentile over frames, % of torso length; None = not measured."""

    clip: str
    frames: int
    same_mean: float
    same_p95: float
    tracked_mean: float
    tracked_p95: float
    oracle_noise_mean: float | None


def compute_error(points: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute each frame's mean distance, % of torso length; NaN where either saw nobody.

    Parameters
    ----------
    points, truth : (n, 33, 2) float, px.
    """
    shoulders, hips = truth[:, 11:13].mean(axis=1), truth[:, 23:25].mean(axis=1)
    torso_px = np.linalg.norm(shoulders - hips, axis=1)
    error: NDArray[np.float64] = np.linalg.norm(points - truth, axis=2).mean(axis=1) / torso_px * 100
    return error


def locate_in_regions(frames: NDArray[np.uint8], regions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place the keypoints, (n, 33, 2) px, in given regions."""
    landmarker = Landmarker(unslouch_pose_model.landmarker_path())
    points = np.full((len(frames), 33, 2), np.nan)
    for i, (image, region) in enumerate(zip(frames, regions, strict=True)):
        found = landmarker.locate(image, Region(*map(float, region))) if np.isfinite(region).all() else None
        if found is not None:
            points[i] = found.keypoints_px
    return points


def follow(frames: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Follow the person as in a real clip, at the oracle's pace; (n, 33, 2) px."""
    estimator = BlazePose(unslouch_pose_model.detector_path(), unslouch_pose_model.landmarker_path())
    points = np.full((len(frames), 33, 2), np.nan)
    for i, image in enumerate(frames):
        found = estimator.locate(Frame(i * ORACLE_PERIOD_S, image))
        if found is not None:
            points[i] = found.keypoints_px
    estimator.close()
    return points


def disturb(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Change one value in a hundred by one grey level."""
    chance = np.random.default_rng(0)
    noise = (chance.random(frames.shape, np.float32) < NOISE_SHARE) * chance.choice(
        np.array([-1, 1], np.int8), frames.shape
    )
    disturbed: NDArray[np.uint8] = np.clip(frames.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return disturbed


def _trace(python: Path, frames: NDArray[np.uint8]) -> OracleTrace:
    with tempfile.TemporaryDirectory() as folder, Oracle(python, frames, Path(folder)) as oracle:
        return oracle.trace()


def compare(clip: Path, oracle_python: Path, *, noise: bool = True) -> Agreement:
    """Compare on one clip."""
    frames = read_frames(clip, FRAMES_PER_CLIP)
    truth = _trace(oracle_python, frames)
    same = compute_error(locate_in_regions(frames, truth.regions), truth.points_px)
    tracked = compute_error(follow(frames), truth.points_px)
    floor = None
    if noise:
        again = _trace(oracle_python, disturb(frames))
        floor = float(np.nanmean(compute_error(again.points_px, truth.points_px)))
    return Agreement(
        clip=clip.stem,
        frames=int(np.isfinite(same).sum()),
        same_mean=float(np.nanmean(same)),
        same_p95=float(np.nanpercentile(same, 95)),
        tracked_mean=float(np.nanmean(tracked)),
        tracked_p95=float(np.nanpercentile(tracked, 95)),
        oracle_noise_mean=floor,
    )


def measure(clips: list[Path] | None = None, *, noise: bool = True) -> list[Agreement]:
    """Compare on all clips; nothing where the oracle is not installed."""
    python = find_oracle_python()
    if python is None:
        return []
    return [compare(clip, python, noise=noise) for clip in clips or find_clips()]


def format_table(rows: list[Agreement]) -> str:
    """Lay out the comparison as text."""
    head = f"{'clip':<30}{'frames':>7}{'same':>9}{'p95':>8}{'tracked':>9}{'p95':>8}{'oracle noise':>14}"
    lines = [head]
    for row in rows:
        noise = "-" if row.oracle_noise_mean is None else f"{row.oracle_noise_mean:.3f}"
        lines.append(
            f"{row.clip:<30}{row.frames:>7}{row.same_mean:>9.4f}{row.same_p95:>8.4f}"
            f"{row.tracked_mean:>9.3f}{row.tracked_p95:>8.3f}{noise:>14}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the comparison."""
    rows = measure([Path(name) for name in sys.argv[1:]] or None)
    if not rows:
        sys.exit("The oracle is not installed: `make bench` sets it up, or name its Python in UNSLOUCH_ORACLE_PYTHON.")
    print(format_table(rows))
    same = np.average([row.same_mean for row in rows], weights=[row.frames for row in rows])
    tracked = np.average([row.tracked_mean for row in rows], weights=[row.frames for row in rows])
    print(f"all clips: same region {same:.4f} %, tracked {tracked:.3f} % of torso length")


if __name__ == "__main__":
    main()
