"""Keypoint traces to events: any change of what the coach sees and says shows up as a diff of these files.

`pytest tests/golden --rewrite-golden` writes them anew.
"""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unslouch.bootstrap import load_catalogue
from unslouch.core.events import RepCompleted, SetFinished, SetStarted, Spoken
from unslouch.core.pose import Keypoint
from unslouch.exports.report import rep_to_plain
from unslouch.session import Session

HERE = Path(__file__).parent
TRACES = sorted((HERE / "traces").glob("*.npz"))
NEAR = {"t_s": 0.05, "start_s": 0.05, "peak_s": 0.05, "end_s": 0.05, "at_s": 0.05, "value": 0.5, "view_deg": 0.5}
"""How far numbers may be off on another machine."""


def load_traces_module():
    spec = importlib.util.spec_from_file_location("make_traces", HERE / "make_traces.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


traces = load_traces_module()


def left_hand_lost(poses):
    """Lose the left arm for a third of the time, now and then."""

    def lose(pose):
        points = pose.keypoints_px.copy()
        if pose.t_s % 6.0 > 4.0:
            points[[Keypoint.LEFT_WRIST, Keypoint.LEFT_ELBOW, Keypoint.RIGHT_WRIST, Keypoint.RIGHT_ELBOW]] = np.nan
        return replace(pose, keypoints_px=points)

    return [lose(pose) for pose in poses]


STORIES = {"": lambda poses: poses, "-hands-lost": left_hand_lost}


def events_of(exercise_id, poses, target_reps):
    session = Session(load_catalogue()[exercise_id], target_reps=target_reps)
    events = [event for pose in poses for event in session.step(pose)]
    return [to_plain(event) for event in (*events, *session.stop(poses[-1].t_s))]


def to_plain(event):
    t_s = round(event.t_s, 2)
    if isinstance(event, RepCompleted):
        return {"t_s": t_s, "rep": rep_to_plain(event.rep)}
    if isinstance(event, Spoken):
        return {"t_s": t_s, "spoken": event.kind.value, "text": event.text, "fault": event.fault}
    if isinstance(event, SetFinished):
        return {"t_s": t_s, "finished": event.why.value}
    assert isinstance(event, SetStarted)
    return {"t_s": t_s, "started": True}


def differences(got, wanted, path="", key=""):
    """List where two plain values differ, numbers with their tolerance."""
    if isinstance(wanted, dict) and isinstance(got, dict) and got.keys() == wanted.keys():
        return [d for k in wanted for d in differences(got[k], wanted[k], f"{path}.{k}", k)]
    if isinstance(wanted, list) and isinstance(got, list) and len(got) == len(wanted):
        return [
            d for i, pair in enumerate(zip(got, wanted, strict=True)) for d in differences(*pair, f"{path}[{i}]", key)
        ]
    if isinstance(wanted, float) and isinstance(got, (int, float)) and abs(got - wanted) <= NEAR.get(key, 0.1):
        return []
    return [] if got == wanted else [f"{path}: {got!r} instead of {wanted!r}"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story or "as-seen")
@pytest.mark.parametrize("trace", TRACES, ids=lambda path: path.stem)
def test_a_trace_tells_what_it_told(trace, story, request):
    events = events_of(trace.stem, STORIES[story](traces.read_trace(trace)), target_reps=None)
    golden = HERE / f"{trace.stem}{story}.json"
    if request.config.getoption("--rewrite-golden", default=False):
        golden.write_text(json.dumps(events, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    wanted = json.loads(golden.read_text(encoding="utf-8"))
    assert [next(iter(set(e) - {"t_s"})) for e in events] == [next(iter(set(e) - {"t_s"})) for e in wanted]
    assert differences(events, wanted) == []


def test_every_exercise_with_a_clip_has_a_trace():
    clips = {path.stem for path in traces.CLIPS.glob("*.mp4")}
    assert clips == {path.stem for path in TRACES}


def test_a_trace_is_read_as_it_was_written(tmp_path):
    poses = traces.read_trace(TRACES[0])[:40]
    points = poses[7].keypoints_px.copy()
    points[3:9] = np.nan
    poses[7] = replace(poses[7], keypoints_px=points)
    traces.write_trace(tmp_path / "again.npz", poses)
    again = traces.read_trace(tmp_path / "again.npz")
    for one, other in zip(poses, again, strict=True):
        assert (one.t_s, one.size_px) == (other.t_s, other.size_px)
        np.testing.assert_allclose(one.keypoints_px, other.keypoints_px, atol=1e-9)
        np.testing.assert_allclose(one.world_m, other.world_m, atol=1e-9)


def test_a_difference_is_found():
    one = [{"t_s": 1.0, "rep": {"verdict": "good", "start_s": 0.5, "faults": []}}]
    assert differences(one, [{"t_s": 1.04, "rep": {"verdict": "good", "start_s": 0.5, "faults": []}}]) == []
    for other in (
        [{"t_s": 1.2, "rep": {"verdict": "good", "start_s": 0.5, "faults": []}}],
        [{"t_s": 1.0, "rep": {"verdict": "attempt", "start_s": 0.5, "faults": []}}],
        [{"t_s": 1.0, "rep": {"verdict": "good", "start_s": 0.5, "faults": [1]}}],
        [],
    ):
        assert differences(one, other)
