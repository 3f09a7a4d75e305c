"""Speed of `analyze` against the bare landmark network and against `solutions.pose`; its peak memory.

    python -m bench.speed [CLIP …]

Everything runs over the same frames with one thread for a network, in rounds that take turns, so that a busy machine
slows all alike; the medians of the rounds' ratios count.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import unslouch_pose_model
from bench.material import Oracle, find_clips, find_oracle_python, read_frames

from unslouch.analysis import account_for
from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.estimators.blazepose.landmarker import INPUT_PX
from unslouch.estimators.blazepose.network import Network

ROUNDS = 3
MOST_FRAMES = 1000
EXERCISE_ID = "band-pull-apart"
# On Linux `ru_maxrss` starts from that of the process which started this one: read the true peak where it is known.
_PEAK_SCRIPT = """
import sys
from pathlib import Path
from unslouch.cli.main import main
try:
    main(["analyze", sys.argv[1], "--exercise", sys.argv[2]])
except SystemExit:
    pass
finally:
    status = Path("/proc/self/status")
    if status.exists():
        peak_mb = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    else:
        import resource
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print("peak", peak_mb, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """Frames a second, and their ratios; None where the oracle is not installed."""

    clip: str
    frames: int
    network_hz: float
    analyze_hz: float
    solutions_hz: float | None
    analyze_over_network: float
    analyze_over_solutions: float | None


def measure_network_s(n: int) -> float:
    """Measure how long the landmark network alone takes for `n` pictures, s."""
    network = Network(unslouch_pose_model.landmarker_path(), threads=1)
    picture = np.random.default_rng(0).integers(0, 255, (INPUT_PX, INPUT_PX, 3), np.uint8)
    network.run(picture, 1 / 255)
    start = time.perf_counter()
    for _ in range(n):
        network.invoke()
    return time.perf_counter() - start


def measure_analyze_s(clip: Path) -> float:
    """Measure how long a whole clip takes from the file to its account, s; loading the networks is not counted."""
    exercise = load_catalogue()[EXERCISE_ID]
    estimator = open_estimator()
    start = time.perf_counter()
    source = open_video(clip)
    try:
        account_for([estimator.estimate(frame) for frame in source], [exercise])
    finally:
        source.close()
    seconds = time.perf_counter() - start
    estimator.close()
    return seconds


def measure_peak_mb(clip: Path) -> float:
    """Measure the most memory that `unslouch analyze` of a clip holds at once, MB."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK_SCRIPT, str(clip), EXERCISE_ID], capture_output=True, text=True, check=True
    )
    return float(next(line for line in reversed(done.stdout.splitlines()) if line.startswith("peak")).split()[1])


def measure(clip: Path | None = None) -> Speed:
    """Measure one clip as a whole, by default a short one of the usual ones."""
    clip = clip or choose_clip()
    frames = read_frames(clip, MOST_FRAMES)
    n, python = len(frames), find_oracle_python()
    if n == MOST_FRAMES:
        raise ValueError(f"{clip} is too long to compare: at most {MOST_FRAMES - 1} frames")
    networks, analyses, oracles = [], [], []
    with ExitStack() as stack:
        oracle = None
        if python is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            oracle = stack.enter_context(Oracle(python, frames, folder))
        for _ in range(ROUNDS):
            networks.append(measure_network_s(n))
            analyses.append(measure_analyze_s(clip))
            if oracle is not None:
                oracles.append(oracle.measure_s())
    return Speed(
        clip=clip.stem,
        frames=n,
        network_hz=n / statistics.median(networks),
        analyze_hz=n / statistics.median(analyses),
        solutions_hz=n / statistics.median(oracles) if oracles else None,
        analyze_over_network=statistics.median(a / b for a, b in zip(networks, analyses, strict=True)),
        analyze_over_solutions=(
            statistics.median(a / b for a, b in zip(oracles, analyses, strict=True)) if oracles else None
        ),
    )


def choose_clip() -> Path:
    """Choose the shortest of the usual clips that is long enough to matter."""
    sizes = {}
    for clip in find_clips():
        source = open_video(clip)
        sizes[clip] = source.duration_s or 0.0
        source.close()
    long_enough = [clip for clip, duration_s in sizes.items() if duration_s > 11]
    return min(long_enough, key=lambda clip: sizes[clip])


def main() -> None:
    """Print the figures of one clip or of several."""
    for clip in [Path(name) for name in sys.argv[1:]] or [choose_clip()]:
        print(json.dumps({**asdict(measure(clip)), "peak_mb": round(measure_peak_mb(clip), 1)}))


if __name__ == "__main__":
    main()
