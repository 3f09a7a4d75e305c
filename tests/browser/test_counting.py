"""A clip played as the camera is counted live exactly as `unslouch analyze` counts the same file."""

from __future__ import annotations

import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from unslouch.analysis import Account, account_for
from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.core.events import SpeechKind
from unslouch.exports import report
from unslouch.testing.playing import TAIL_S, write_y4m

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

BUNDLED = Path(__file__).parents[2] / "src" / "unslouch" / "data" / "clips"
CLIPS = tomllib.loads((BUNDLED / "clips.toml").read_text(encoding="utf-8"))["clip"]
TALLIES = """rows => rows.map(row => [row.dataset.side, Number(row.querySelector(".count").textContent),
                                      [...row.querySelectorAll(".mark")].map(mark => mark.classList[1])])"""


@pytest.fixture
def coach_page(serve, real_coach, open_page):
    """Open the real coach's page with this camera."""
    return lambda camera: open_page(serve(real_coach), camera=camera)


def analyze(clip: Path, exercise_id: str) -> Account:
    """Do what `unslouch analyze` does."""
    source, estimator = open_video(clip), open_estimator()
    with closing(source), closing(estimator):
        return account_for([estimator.estimate(frame) for frame in source], [load_catalogue()[exercise_id]])


def judge(reps: list[dict]) -> list[tuple]:
    """Keep of repetitions what a person is told; the reason is in the captions."""
    return [(rep["index"], rep["side"], rep["verdict"]) for rep in reps]


def tally(reps: list[dict]) -> list:
    """What the board must show at the end."""
    of_side = {side: [r["verdict"] for r in reps if r["side"] == side] for side in ("left", "right", "both")}
    return [[side, marks.count("good"), marks] for side, marks in of_side.items() if marks]


def check(opened, batch: Account) -> None:
    """The page said and showed what the batch account says."""
    reps = report.to_plain("", batch)["reps"]
    assert reps, "the clip must show something"
    assert judge(opened.reps()) == judge(reps)
    numbers = [s.text for s in batch.spoken if s.kind is SpeechKind.NUMBER]
    cues = [s.text for s in batch.spoken if s.kind in {SpeechKind.CUE, SpeechKind.PRAISE}]
    said = [s["text"] for s in opened.heard()]
    assert [text for text in said if text.isdigit()] == numbers
    assert [text for text in said if text in cues] == cues
    assert [text for text in opened.captions() if text in cues] == cues
    assert opened.hosts() == {"127.0.0.1"}
    assert opened.errors == []


@pytest.mark.parametrize("clip", CLIPS[::2], ids=lambda clip: clip["exercise"])
def test_a_clip_as_the_camera_is_counted_live_as_in_batch(clip, coach_page, tmp_path):
    camera = tmp_path / "camera.y4m"
    length_s = write_y4m(BUNDLED / clip["file"], camera)
    batch = analyze(camera, clip["exercise"])
    opened = coach_page(camera)
    opened.start_camera(load_catalogue()[clip["exercise"]].name)
    opened.page.wait_for_timeout((length_s - TAIL_S / 2) * 1e3)
    shown = opened.page.eval_on_selector_all(".tally:not([hidden])", TALLIES)
    opened.page.keyboard.press("Escape")
    opened.wait_for_summary()
    check(opened, batch)
    assert [row for row in shown if row[2]] == tally(report.to_plain("", batch)["reps"])


@pytest.mark.parametrize("clip", CLIPS[1::2], ids=lambda clip: clip["exercise"])
def test_without_a_camera_a_recorded_person_is_counted_on_the_same_path(clip, coach_page):
    opened = coach_page(None)
    opened.goto_home()
    opened.page.click(f"#home-clips button:has-text('{clip['title']}')")
    opened.wait_for_summary(60)
    check(opened, analyze(BUNDLED / clip["file"], clip["exercise"]))
