"""Runs `mediapipe==0.10.21` `solutions.pose` over frames from a file; belongs into an environment of its own.

    python oracle_solutions.py FRAMES.npy

Each line on standard input is a request, each line on standard output its answer in JSON: `run OUT.npz` follows the
person through all frames and saves what was seen; `time` does the same without saving and says how long it took. The
process stays, so that rounds can alternate with another program's.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from mediapipe.python.solution_base import SolutionBase
from mediapipe.python.solutions import pose as solutions_pose

GRAPH = "mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb"
OUTPUTS = ["pose_landmarks", "pose_world_landmarks", "pose_rect_from_detection", "pose_rect_from_landmarks"]


def open_pose(*, regions: bool) -> Any:
    """Open the full model without smoothing; `regions` asks the same graph for its regions too."""
    if not regions:
        return solutions_pose.Pose(model_complexity=1, smooth_landmarks=False)
    return SolutionBase(
        binary_graph_path=GRAPH,
        side_inputs={
            "model_complexity": 1,
            "smooth_landmarks": False,
            "enable_segmentation": False,
            "smooth_segmentation": False,
            "use_prev_landmarks": True,
        },
        calculator_params={
            "posedetectioncpu__TensorsToDetectionsCalculator.min_score_thresh": 0.5,
            "poselandmarkbyroicpu__tensorstoposelandmarksandsegmentation__ThresholdingCalculator.threshold": 0.5,
        },
        outputs=OUTPUTS,
    )


def read_region(rect: Any, width_px: int, height_px: int) -> list[float]:
    """Give a region as x, y, side in px and its angle in rad."""
    return [rect.x_center * width_px, rect.y_center * height_px, rect.width * width_px, rect.rotation]


def trace(frames: np.ndarray) -> dict[str, np.ndarray]:
    """Follow the person: points in px, visibility, and the region that each frame was read in; NaN = nobody."""
    n, height_px, width_px = frames.shape[:3]
    points = np.full((n, 33, 2), np.nan)
    visibility = np.zeros((n, 33))
    region = np.full((n, 4), np.nan)
    next_region: list[float] | None = None
    with open_pose(regions=True) as pose:
        for i, frame in enumerate(frames):
            result = pose.process({"image": np.ascontiguousarray(frame[:, :, ::-1])})
            if result.pose_rect_from_detection is not None:
                region[i] = read_region(result.pose_rect_from_detection, width_px, height_px)
            elif next_region is not None:
                region[i] = next_region
            after = result.pose_rect_from_landmarks
            next_region = None if after is None else read_region(after, width_px, height_px)
            if result.pose_landmarks is not None:
                landmarks = result.pose_landmarks.landmark
                points[i] = [(p.x * width_px, p.y * height_px) for p in landmarks]
                visibility[i] = [p.visibility for p in landmarks]
    return {"points": points, "visibility": visibility, "region": region}


def measure_s(frames: np.ndarray) -> float:
    """Measure how long the plain API takes for all frames, s; its start is not counted."""
    with solutions_pose.Pose(model_complexity=1, smooth_landmarks=False) as pose:
        pose.process(frames[0])
        pose.reset()
        start = time.perf_counter()
        for frame in frames:
            pose.process(np.ascontiguousarray(frame[:, :, ::-1]))
        return time.perf_counter() - start


def main() -> None:
    """Answer requests until standard input ends."""
    frames = np.load(sys.argv[1], mmap_mode="r")
    for line in sys.stdin:
        request, *rest = line.split(maxsplit=1)
        if request == "run":
            np.savez(rest[0].strip(), **trace(frames))
            answer = {"frames": len(frames)}
        else:
            answer = {"seconds": measure_s(frames)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
