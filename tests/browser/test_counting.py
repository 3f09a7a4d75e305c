"""A clip played as the camera is counted live exactly as the batch fold counts the same file."""

from __future__ import annotations

from collections import Counter

import pytest

from unslouch.core.events import Rep, Verdict
from unslouch.testing.playing import TAIL_S, fold, write_y4m
from unslouch.web.wire import to_plain

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CLIPS = [
    ("pull_apart_front_shrug_fast", "band-pull-apart"),
    ("ext_rotation_front", "external-rotation"),
    ("lat_pulldown_front_partial", "lat-pulldown"),
]
TALLIES = """rows => rows.map(row => [row.dataset.side, Number(row.querySelector(".count").textContent),
                                      [...row.querySelectorAll(".mark")].map(mark => mark.classList[1])])"""


def judge(reps: list[dict]) -> list[tuple]:
    """Keep of repetitions what a person is told."""
    return [(r["index"], r["side"], r["verdict"], [f["id"] for f in r["faults"]], r["checks"]) for r in reps]


def tally(reps: list[Rep]) -> list:
    """What the board must show at the end."""
    good = Counter(rep.side for rep in reps if rep.verdict is Verdict.GOOD)
    sides = sorted({rep.side for rep in reps})
    return [[side.value, good[side], [rep.verdict.value for rep in reps if rep.side is side]] for side in sides]


@pytest.mark.parametrize(("clip", "exercise_id"), CLIPS)
def test_live_equals_batch(clip, exercise_id, *, shared, serve, real_coach, open_page, tmp_path):
    y4m = tmp_path / "camera.y4m"
    length_s = write_y4m(shared / "clips" / "synth" / f"{clip}.mp4", y4m)
    batch = fold(y4m, real_coach, exercise_id)
    assert batch.reps, "the clip must show something"

    opened = open_page(serve(real_coach), camera=y4m)
    opened.start_camera(real_coach.load_exercises()[exercise_id].name)
    opened.page.wait_for_timeout((length_s - TAIL_S / 2) * 1e3)
    shown = opened.page.eval_on_selector_all(".tally:not([hidden])", TALLIES)
    opened.page.keyboard.press("Escape")
    opened.wait_for_summary()

    assert judge(opened.reps()) == judge([to_plain(rep) for rep in batch.reps])
    assert [row for row in shown if row[2]] == tally(batch.reps)
    said = [s["text"] for s in opened.heard()]
    assert [text for text in said if text.isdigit()] == batch.numbers
    assert [text for text in said if text in batch.cues] == batch.cues
    assert [text for text in opened.captions() if text in batch.cues] == batch.cues
    assert opened.hosts() == {"127.0.0.1"}
    assert opened.errors == []
