"""Everything that is measured: `make bench`. The last line is one JSON object."""

from __future__ import annotations

import json
import sys

import numpy as np
from bench import core_step, landmarks, live, speed
from bench.material import find_clips

from unslouch.bootstrap import EXERCISES

LIVE_CLIP = EXERCISES.parent / "clips" / "external-rotation.mp4"
LIVE_EXERCISE = "external-rotation"


def main() -> int:
    """Measure and print."""
    result: dict[str, float | None] = {}
    rows = landmarks.measure()
    if rows:
        print(landmarks.format_table(rows))
        frames = [row.frames for row in rows]
        result["landmark_error_torso"] = round(
            float(np.average([r.tracked_mean for r in rows], weights=frames)) / 100, 6
        )
        result["landmark_same_region_error_torso"] = round(
            float(np.average([r.same_mean for r in rows], weights=frames)) / 100, 8
        )
    else:
        print(
            "Landmarks: not compared, the oracle cannot be installed here (it needs Python up to 3.12).",
            file=sys.stderr,
        )
        result["landmark_error_torso"] = None
    fast = speed.measure()
    print(
        f"{fast.clip}: analyze {fast.analyze_hz:.1f} frames/s, bare network {fast.network_hz:.1f}, "
        f"solutions.pose {'not measured' if fast.solutions_hz is None else f'{fast.solutions_hz:.1f}'}"
    )
    result["analyze_over_network"] = round(fast.analyze_over_network, 3)
    result["analyze_over_solutions"] = (
        None if fast.analyze_over_solutions is None else round(fast.analyze_over_solutions, 3)
    )
    result["core_ms_per_frame"] = round(core_step.measure_ms(find_clips()[0]), 4)
    result["peak_mb"] = round(speed.measure_peak_mb(speed.choose_clip()), 1)
    result.update(live.measure_live(LIVE_CLIP, LIVE_EXERCISE))
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
