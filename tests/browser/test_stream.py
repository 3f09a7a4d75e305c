"""The stream of pictures: the newest wins, a slow machine drops some, time is the camera's own."""

from __future__ import annotations

import time

import pytest

from unslouch.testing.coach import FakeCoach

pytestmark = pytest.mark.browser

STATS = "async () => (await import('/static/js/stats.js')).stats.read()"
SLOW_S = 0.25
WATCHED_S = 5.0


def test_a_slow_machine_drops_frames_and_never_falls_behind(serve, open_page):
    coach = FakeCoach(dose=(500, 500), takes_s=SLOW_S)
    opened = open_page(serve(coach.services))
    opened.start_camera("Wave")
    opened.page.wait_for_selector("#bars .bar")
    seen, started_s = len(coach.sessions[0].times_s), time.perf_counter()
    opened.page.wait_for_timeout(WATCHED_S * 1e3)
    times_s, passed_s = coach.sessions[0].times_s[seen:], time.perf_counter() - started_s
    stats = opened.page.evaluate(STATS)
    assert len(times_s) <= passed_s / SLOW_S + 1, "one at a time"
    assert len(times_s) >= 0.5 * passed_s / SLOW_S, "and one after the other"
    assert stats["drops"] > len(times_s), "what came in between is dropped"
    assert max(stats["roundTripsMs"][1:]) < 2.5e3 * SLOW_S, "nothing queues"
    assert times_s[-1] - times_s[0] == pytest.approx(passed_s, abs=3 * SLOW_S), "time is that of the capture"


def test_the_picture_is_sent_as_it_is_and_mirrored_on_the_screen_only(serve, open_page):
    opened = open_page(serve(FakeCoach(dose=(500, 500)).services))
    opened.start_camera("Wave")
    opened.page.wait_for_selector("#bars .bar")
    assert opened.page.eval_on_selector("#stage", "e => new DOMMatrix(getComputedStyle(e).transform).a") == -1
    assert opened.page.eval_on_selector("#board", "e => getComputedStyle(e).transform") == "none"
    difference = opened.page.evaluate("""async () => {
        const { JpegEncoder } = await import("/static/js/jpeg.js");
        const canvas = (width, height) => new OffscreenCanvas(width, height);
        const pixels = async (image) => {
            const context = canvas(image.width, image.height).getContext("2d");
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height).data;
        };
        const left = canvas(64, 32);
        const context = left.getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, 16, 32);
        const message = await new JpegEncoder(canvas).encode({ bitmap: await createImageBitmap(left), tMs: 5, seq: 7 });
        const header = new DataView(message);
        const image = await pixels(await createImageBitmap(new Blob([message.slice(12)])));
        return [header.getFloat64(0, true), header.getUint32(8, true), image[4 * 4] > 200, image[4 * 60] < 50];
    }""")
    assert difference == [5, 7, True, True], "time, number, and white is on the left as it was"


def test_another_camera_is_chosen_and_remembered(serve, open_page):
    opened = open_page(serve(FakeCoach(frames_a_rep=10, dose=(500, 500)).services), cameras=2)
    page = opened.page
    label = "document.getElementById('video').srcObject.getVideoTracks()[0].label"
    opened.start_camera("Wave")
    page.wait_for_selector("#bars .bar")
    first = page.evaluate(label)
    page.keyboard.press("Escape")
    opened.wait_for_summary()
    page.click("#another")
    opened.choose("Wave")
    page.wait_for_selector("#chooser:not([hidden])")
    names = page.eval_on_selector_all("#cameras option", "all => all.map(o => o.textContent)")
    (second,) = [name for name in names if name != first]
    page.select_option("#cameras", label=second)
    page.click("#start-camera")
    page.wait_for_selector("#bars .bar")
    assert page.evaluate(label) == second
    opened.start_camera("Wave")
    page.wait_for_selector("#bars .bar")
    assert page.evaluate(label) == second, "remembered over a reload"
