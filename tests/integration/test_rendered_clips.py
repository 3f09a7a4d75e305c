"""Real pixels: the rendered test clips, whose truth is known, through estimator and session."""

from __future__ import annotations

import functools
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.core.events import Rep, RepCompleted, Verdict
from unslouch.core.pose import PoseFrame
from unslouch.session import Session

TESTS = Path(__file__).resolve().parent.parent
CLIPS = TESTS / "clips"
UNSEEN = TESTS / "data" / "exercises"
NEAR_S = 0.4


@functools.cache
def seen(clip: str) -> list[PoseFrame]:
    """Look at a clip once for all tests."""
    estimator, video = open_estimator(), open_video(CLIPS / clip)
    try:
        return [estimator.estimate(frame) for frame in video]
    finally:
        video.close()
        estimator.close()


def counted(clip: str, exercise: str) -> list[Rep]:
    session, poses = Session(load_catalogue([UNSEEN])[exercise]), seen(clip)
    events = [event for pose in poses for event in session.step(pose)]
    return [event.rep for event in (*events, *session.stop(poses[-1].t_s)) if isinstance(event, RepCompleted)]


def truth(clip: str) -> list[dict[str, Any]]:
    path = CLIPS / clip.replace(".mp4", ".json.gz")
    reps: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))["reps"]
    return reps


@pytest.mark.parametrize(
    ("clip", "exercise"), [("biceps-curl.mp4", "biceps-curl"), ("crossing.mp4", "external-rotation")]
)
def test_every_repetition_is_counted_and_judged(clip, exercise):
    reps, wanted = counted(clip, exercise), truth(clip)
    assert [rep.side.value for rep in reps] == [rep["side"] for rep in wanted]
    assert [rep.verdict for rep in reps] == [Verdict.ATTEMPT if rep["faults"] else Verdict.GOOD for rep in wanted]
    assert [[fault.id for fault in rep.faults] for rep in reps] == [list(rep["faults"]) for rep in wanted]
    for rep, right in zip(reps, wanted, strict=True):
        assert rep.peak_s == pytest.approx((right["peak_s"] + right["hold_end_s"]) / 2, abs=NEAR_S + 0.3)
        assert rep.end_s == pytest.approx(right["end_s"], abs=NEAR_S)


def test_an_exercise_that_is_a_file_alone_is_counted_on_pixels():
    assert "biceps-curl" not in load_catalogue()
    assert len(counted("biceps-curl.mp4", "biceps-curl")) == 3


@pytest.mark.parametrize("exercise", ["band-pull-apart", "external-rotation", "lat-pulldown", "biceps-curl"])
def test_nothing_is_counted_while_somebody_only_gets_ready(exercise):
    assert counted("idle.mp4", exercise) == []
