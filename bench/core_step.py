"""Time of the core for one frame: features, phase machine, checks and cues, without the networks.

python -m bench.core_step
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench.material import find_clips

from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.core.pose import PoseFrame
from unslouch.session import Session

ROUNDS = 5


def see(clip: Path) -> list[PoseFrame]:
    """Locate the person in every frame of a clip."""
    estimator, source = open_estimator(threads=2), open_video(clip)
    try:
        return [estimator.estimate(frame) for frame in source]
    finally:
        source.close()
        estimator.close()


def measure_ms(clip: Path) -> float:
    """Measure the mean time of `Session.step`, ms a frame: the slowest exercise, the median of several rounds."""
    poses = see(clip)
    slowest_ms = 0.0
    for exercise in load_catalogue().values():
        rounds = []
        for _ in range(ROUNDS):
            session = Session(exercise)
            start = time.perf_counter()
            for pose in poses:
                session.step(pose)
            rounds.append((time.perf_counter() - start) / len(poses) * 1e3)
        slowest_ms = max(slowest_ms, statistics.median(rounds))
    return slowest_ms


if __name__ == "__main__":
    print(f"{measure_ms(find_clips()[0]):.3f} ms a frame")
