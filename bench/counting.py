"""Repetitions counted against the exact truth of rendered clips.

    python -m bench.counting FOLDER [FOLDER …]

A folder holds NAME.mp4 with NAME.json or NAME.json.gz, which lists `reps` with their times, the `exercise`, and the
camera's angle (`camera.azim` or `azim`). The code never sees the truth: every clip goes the way of `unslouch analyze`.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unslouch.analysis import Account, account_for
from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.core.events import Verdict
from unslouch.core.exercise import Exercise

EXERCISES = {
    "pull_apart": "band-pull-apart",
    "pa": "band-pull-apart",
    "ext_rotation": "external-rotation",
    "er": "external-rotation",
    "lat_pulldown": "lat-pulldown",
    "lp": "lat-pulldown",
    "row": "band-row",
    "ro": "band-row",
}
"""The names that truth files use."""
SHORT = 0.7
"""A repetition whose truth reaches less than this share of the range must not be called good."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clip."""

    name: str
    inside: bool
    true_reps: int
    counted: int
    good: int
    short_called_good: int
    turn: str


def read_truth(clip: Path) -> dict[str, Any] | None:
    """Read what truly happens in a clip; None when there is no truth beside it."""
    plain, packed = clip.with_suffix(".json"), clip.with_suffix(".json.gz")
    if plain.exists():
        return dict(json.loads(plain.read_text()))
    return dict(json.loads(gzip.decompress(packed.read_bytes()))) if packed.exists() else None


def watch(clip: Path, exercise: Exercise) -> Account:
    """Analyse one clip."""
    estimator, source = open_estimator(threads=2), open_video(clip)
    try:
        return account_for([estimator.estimate(frame) for frame in source], [exercise])
    finally:
        source.close()
        estimator.close()


def compare(clip: Path, truth: dict[str, Any], exercise: Exercise) -> Row:
    """Compare one clip with its truth."""
    account = watch(clip, exercise)
    azimuth = float(truth["azim"] if "azim" in truth else truth["camera"]["azim"])
    sides = {"L": [1.0], "R": [-1.0]}.get(truth.get("common", {}).get("side", ""), [1.0, -1.0])
    views = [azimuth * sign for sign in sides] if exercise.one_sided else [azimuth]
    inside = any(low <= view <= high for view in views for low, high in exercise.view.count)
    reps = account.outcome.reps
    wrong = 0
    for rep in reps:
        middle_s = (rep.start_s + rep.end_s) / 2
        true = min(truth["reps"], key=lambda r: abs((r["start"] + r["end"]) / 2 - middle_s), default=None)
        top = 1.0 if true is None else min(true.get("top", 1.0), true["faults"].get("partial", 1.0))
        wrong += top < SHORT and rep.verdict is Verdict.GOOD
    good = sum(rep.verdict is Verdict.GOOD for rep in reps)
    return Row(clip.stem, inside, len(truth["reps"]), len(reps), good, wrong, account.outcome.turn)


def main(folders: list[Path]) -> int:
    """Print every clip and the rates; the exit code is 1 when nothing was found to compare."""
    catalogue = load_catalogue()
    rows = []
    for clip in sorted(path for folder in folders for path in folder.glob("*.mp4")):
        truth = read_truth(clip)
        if truth is None:
            continue
        name = EXERCISES.get(truth["exercise"])
        for exercise in [catalogue[name]] if name else catalogue.values() if truth["exercise"] == "distract" else []:
            row = compare(clip, truth, exercise)
            rows.append(row)
            mark = "" if row.counted == row.true_reps or not row.inside else "   <-"
            place = "inside" if row.inside else "outside"
            print(
                f"{row.name:<44}{place:<8} true {row.true_reps} counted {row.counted} good {row.good} {row.turn}{mark}"
            )
    inside = [row for row in rows if row.inside]
    outside = [row for row in rows if not row.inside]
    if not rows:
        print("No clip with its truth beside it.", file=sys.stderr)
        return 1
    exact = sum(row.counted == row.true_reps for row in inside)
    near = sum(abs(row.counted - row.true_reps) <= 1 for row in inside)
    refused = sum(row.good == 0 for row in outside)
    print(f"inside the declared views: exact {exact} of {len(inside)}, within one {near} of {len(inside)}")
    print(f"outside: nothing called good in {refused} of {len(outside)}")
    print(f"short repetitions called good: {sum(row.short_called_good for row in inside)}")
    return 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
