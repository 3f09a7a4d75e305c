"""The page by itself: what is said, how it reads, how it is used without a mouse."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from unslouch.core.events import Side, Verdict
from unslouch.testing.coach import FakeCoach, make_rep

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
SCRIPT = [
    make_rep(1, side=Side.LEFT),
    make_rep(2, side=Side.LEFT, verdict=Verdict.ATTEMPT, fault="shrug"),
    make_rep(3, side=Side.LEFT, verdict=Verdict.NOT_SEEN),
    make_rep(4, side=Side.RIGHT),
]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Make a folder with one bundled clip of two seconds, for each of the fake exercises."""
    folder = tmp_path_factory.mktemp("clips")
    with av.open(str(folder / "wave.webm"), "w") as container:
        stream = container.add_stream("libvpx", rate=30, options={"deadline": "realtime", "cpu-used": "8"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(60):
            image = np.full((240, 320, 3), 4 * n, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    (folder / "clips.toml").write_text(
        '[[clip]]\nfile = "wave.webm"\nexercise = "wave"\ntitle = "Somebody waves"\n'
        '[[clip]]\nfile = "wave.webm"\nexercise = "wave-one"\ntitle = "Somebody waves with one hand"\n'
    )
    return folder


def test_a_bundled_clip_is_watched_to_its_end(serve, open_page, clips):
    coach = FakeCoach(clips, frames_a_rep=5, dose=(500, 500))
    opened = open_page(serve(coach.services), camera=None)
    opened.goto_home()
    opened.page.click("text=Somebody waves >> nth=0")
    opened.wait_for_summary()
    times_s = coach.sessions[0].times_s
    assert len(times_s) > 15
    assert times_s[-1] - times_s[0] == pytest.approx(2.0, abs=0.35), "time is the recording's own"
    assert len(opened.page.query_selector_all("#summary-sides .mark.good")) == len(times_s) // 5
    opened.page.click("#again")
    opened.wait_for_end()
    assert len(coach.sessions) == 2


def test_ones_own_clip_never_leaves_the_page(serve, open_page, clips):
    coach = FakeCoach(frames_a_rep=5, dose=(500, 500))
    opened = open_page(serve(coach.services), camera=None)
    opened.goto_home()
    opened.choose("Wave")
    opened.page.set_input_files("#own-file", clips / "wave.webm")
    opened.wait_for_summary()
    assert coach.sessions[0].times_s
    assert not [address for address in opened.asked if "wave.webm" in address]


def test_a_file_that_is_no_video_is_one_sentence(serve, open_page, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    opened = open_page(serve(FakeCoach().services), camera=None)
    opened.goto_home()
    opened.choose("Wave")
    opened.page.set_input_files("#own-file", tmp_path / "text.mp4")
    opened.page.wait_for_selector("#halt:not([hidden])")
    sentence = opened.page.text_content("#halt-text")
    assert sentence == "This browser cannot play that video. An MP4 (H.264) or WebM file works."


def test_each_side_is_counted_apart_with_a_mark_for_every_repetition(serve, open_page, clips):
    opened = open_page(serve(FakeCoach(clips, 8, SCRIPT).services), camera=None)
    opened.goto_home()
    opened.page.click("text=Somebody waves with one hand")
    opened.wait_for_end()
    marks = opened.page.eval_on_selector_all(
        "#summary-sides .side-row",
        "rows => rows.map(row => [row.dataset.side, ...[...row.querySelectorAll('.mark')].map(m => m.classList[1])])",
    )
    assert marks == [["left", "good", "attempt", "not_seen"], ["right", "good"]]
    labels = opened.page.eval_on_selector_all("#summary-sides .mark", "all => all.map(m => m.ariaLabel)")
    assert labels[1] == "Repetition 2: attempt"
    assert opened.page.text_content("#summary-sentence") == (
        "Two good repetitions, one attempt and one I could not see."
    )
    assert [said["text"] for said in opened.heard()] == ["1", "Low.", "1"]
    assert opened.captions() == ["Low."]


def test_muted_is_silent_but_written(serve, open_page, clips):
    opened = open_page(serve(FakeCoach(clips, 8, SCRIPT).services), camera=None)
    opened.context.add_init_script("localStorage.setItem('muted', 'yes')")
    opened.goto_home()
    opened.page.click("text=Somebody waves with one hand")
    opened.wait_for_end()
    assert opened.heard() == []
    assert opened.captions() == ["Low."]


SAY = """async (wishes) => {
    const { Voice } = await import("/static/js/speech.js");
    const voice = new Voice();
    for (const [wait, kind, text] of wishes) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        voice.say(kind, text);
    }
    await new Promise((resolve) => setTimeout(resolve, 2800));
    return spy.said.map(({ text }) => text);
}"""
LONG = "A cue that takes rather longer to say than anybody who exercises would ever want to wait for."
SPEECHES = {
    "a cue follows": ([[0, "number", "1"], [0, "cue", "Low."]], ["1", "Low."]),
    "a number interrupts": ([[0, "cue", LONG], [100, "number", "2"]], [LONG, "2"]),
    "a stale cue is dropped": ([[0, "cue", LONG], [100, "cue", "Low."]], [LONG]),
    "the newest cue wins": ([[0, "number", "1"], [0, "cue", "First."], [0, "cue", "Second."]], ["1", "Second."]),
    "a number goes first": ([[0, "number", "1"], [0, "cue", "Low."], [0, "number", "2"]], ["1", "2"]),
}


def test_one_thing_is_said_at_a_time_and_nothing_stale(serve, open_page):
    opened = open_page(serve(FakeCoach().services))
    for what, (wishes, said) in SPEECHES.items():
        opened.goto_home()
        assert opened.page.evaluate(SAY, wishes) == said, what


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_in_use_can_be_read(serve, open_page, clips, scheme):
    opened = open_page(serve(FakeCoach(clips, 8, SCRIPT, dose=(500, 500)).services), color_scheme=scheme)
    page, seen = opened.page, []
    page.add_init_script(CONTRAST)
    opened.goto_home()
    seen += page.evaluate("measureContrast('#home')")
    opened.choose("Wave")
    seen += page.evaluate("measureContrast('#prepare')")
    page.click("#start-camera")
    page.wait_for_selector(".tally .mark.not_seen", state="attached")
    live = page.evaluate("measureContrast('#live')")
    page.keyboard.press("Space")
    page.wait_for_selector("#halt:not([hidden])")
    seen += live + page.evaluate("measureContrast('#halt')")
    page.click("#halt-actions button:has-text('End')")
    opened.wait_for_summary()
    seen += page.evaluate("measureContrast('#summary')")
    texts, marks = ([p for p in seen if p["kind"] == kind] for kind in ("text", "mark"))
    assert len(texts) > 20
    assert [p for p in texts if p["ratio"] < 4.5] == []
    far = [p for p in live if p["what"] in {"count", "caption", "side"}]
    assert {p["what"] for p in far} >= {"count", "caption"}
    assert [p for p in far if p["ratio"] < 7] == []
    assert {p["what"] for p in marks} >= {"good", "attempt", "not_seen", "fill"}
    assert [p for p in marks if p["ratio"] < 3] == []


def test_the_number_is_readable_from_three_metres(serve, open_page, clips):
    opened = open_page(serve(FakeCoach(clips).services))
    opened.goto_home()
    opened.page.click("text=Somebody waves >> nth=0")
    opened.page.wait_for_selector(".tally .count")
    size_px = opened.page.eval_on_selector(".tally .count", "e => parseFloat(getComputedStyle(e).fontSize)")
    assert size_px == pytest.approx(0.3 * 720)


def test_everything_works_by_keyboard_alone(serve, open_page, clips):
    opened = open_page(serve(FakeCoach(clips, 5, dose=(500, 500)).services))
    page = opened.page
    opened.goto_home()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#exercises') !== null")
    page.keyboard.press("Enter")
    page.wait_for_selector("#prepare:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "start-camera"
    page.keyboard.press("Enter")
    page.wait_for_selector("#live:not([hidden])")
    page.wait_for_selector("#board .mark", state="attached")
    page.keyboard.press("Escape")
    opened.wait_for_summary()
    assert page.evaluate("document.activeElement.id") == "again"


@pytest.mark.parametrize("size", [(1280, 720), (1024, 600), (390, 844), (844, 390)])
def test_nothing_hides_anything_else(serve, open_page, clips, size):
    opened = open_page(
        serve(FakeCoach(clips, 6, SCRIPT).services), viewport=dict(zip(("width", "height"), size, strict=True))
    )
    page = opened.page
    opened.goto_home()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("#exercises button >> nth=1")
    page.click("#start-camera")
    page.wait_for_selector(".caption:not(:empty)")
    overlaps = page.evaluate("""() => {
        document.getElementById("caption").textContent = "Step back, so that I can see your wrists, elbows and hips.";
        const parts = [...document.querySelectorAll("#live .plate")].filter((e) => e.checkVisibility());
        const boxes = parts.map((e) => [e.id, e.getBoundingClientRect()]);
        const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        const inside = (a) => a.left >= 0 && a.top >= 0 && a.right <= innerWidth && a.bottom <= innerHeight;
        const after = (i) => boxes.slice(i + 1);
        const clashes = boxes.flatMap(([n, a], i) => after(i).filter(([, b]) => !apart(a, b)).map(([m]) => [n, m]));
        return [clashes, boxes.filter(([, a]) => !inside(a)).map(([n]) => n)];
    }""")
    assert overlaps == [[], []]
