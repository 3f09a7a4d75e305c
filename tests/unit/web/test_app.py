"""What the page is told: exercises, clips, and nothing that a clip list should not reach."""

import json

from unslouch.core.events import Side, Verdict
from unslouch.session import Outcome
from unslouch.testing.coach import FakeCoach, make_exercise, make_rep
from unslouch.testing.serving import run_server
from unslouch.web.app import list_clips
from unslouch.web.summary import summarise


def test_exercises_are_described(server):
    both, one = json.loads(server.request("/api/exercises").body)
    assert both == {
        "id": "wave",
        "name": "Wave",
        "purpose": "Says hello.",
        "setup": ["Lift a hand."],
        "reps": [2, 4],
        "one_sided": False,
    }
    assert one["one_sided"] is True


def test_clips_are_listed_and_served_in_parts(tmp_path):
    (tmp_path / "clips.toml").write_text('[[clip]]\nfile = "a.mp4"\nexercise = "wave"\ntitle = "A wave"\n')
    (tmp_path / "a.mp4").write_bytes(b"0123456789")
    with run_server(FakeCoach(tmp_path).services) as server:
        (clip,) = json.loads(server.request("/api/clips").body)
        assert clip == {"url": "/clips/a.mp4", "exercise": "wave", "title": "A wave"}
        part = server.request(clip["url"], {"Range": "bytes=2-4"})
    assert part.status == 206
    assert part.body == b"234"


def test_no_clips_is_an_empty_list(tmp_path):
    assert list_clips(None) == []
    assert list_clips(tmp_path) == []


def test_summary_names_what_was_good_what_not_and_what_could_not_be_seen():
    reps = [
        make_rep(1, side=Side.LEFT),
        make_rep(2, side=Side.LEFT, verdict=Verdict.ATTEMPT, fault="shrug"),
        make_rep(3, side=Side.LEFT, verdict=Verdict.NOT_SEEN),
    ]
    outcome = Outcome(reps=reps, not_judged={"shrug": "this camera angle cannot show it"})
    summary = summarise(make_exercise(one_sided=True), outcome)
    assert summary["sentence"] == "One good repetition, one attempt and one I could not see."
    assert summary["counts"] == {
        "left": {"good": 1, "attempt": 1, "not_seen": 1},
        "right": {"good": 0, "attempt": 0, "not_seen": 0},
    }
    assert summary["faults"] == [{"id": "shrug", "times": 1, "show": "Keep your shoulders low."}]
    assert summary["not_judged"] == [
        {"check": "shrug", "show": "Keep your shoulders low.", "why": "this camera angle cannot show it"}
    ]
