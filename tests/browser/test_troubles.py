"""Whatever happens to the camera or the connection: a sentence that says what to do, and the set survives."""

from __future__ import annotations

import pytest

from unslouch.testing.coach import FakeCoach
from unslouch.testing.serving import run_server

pytestmark = pytest.mark.browser

COUNT = ".tally .count"


@pytest.fixture
def coach():
    """Count slowly, and set no end that a test could meet."""
    return FakeCoach(frames_a_rep=15, dose=(500, 500))


@pytest.fixture
def server(serve, coach):
    return serve(coach.services)


def halt_text(page):
    page.wait_for_selector("#halt:not([hidden])")
    return page.text_content("#halt-text")


def wait_for_count(page, at_least):
    for _ in range(400):
        if (count := int(page.text_content(COUNT))) >= at_least:
            return count
        page.wait_for_timeout(50)
    pytest.fail(f"the counter stays at {count}")


def fail_camera_with(page, name):
    page.add_init_script(f"""
        navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException("no", "{name}"); }};
    """)


def test_refused_camera_says_what_to_do_and_nothing_is_lost(server, open_page):
    opened = open_page(server, camera=None)
    opened.context.clear_permissions()
    fail_camera_with(opened.page, "NotAllowedError")
    opened.start_camera("Wave")
    assert halt_text(opened.page) == (
        "The browser may not use the camera. Allow it by the camera sign beside the address, then try again."
    )
    assert opened.page.text_content("#eye") == "Camera off"
    opened.page.click("#halt-actions button:has-text('End the set')")
    opened.page.wait_for_selector("#home:not([hidden])")


def test_a_machine_without_a_camera_says_so(server, open_page):
    opened = open_page(server, camera=None)
    opened.start_camera("Wave")
    sentence = halt_text(opened.page)
    assert sentence.startswith(("No camera was found.", "The browser may not use the camera."))


@pytest.mark.parametrize(
    ("name", "start"),
    [("NotFoundError", "No camera was found."), ("NotReadableError", "The camera is busy in another program.")],
)
def test_missing_or_busy_camera_says_what_to_do(server, open_page, name, start):
    opened = open_page(server)
    fail_camera_with(opened.page, name)
    opened.start_camera("Wave")
    sentence = halt_text(opened.page)
    assert sentence.startswith(start)
    assert sentence.endswith("then try again.")


def test_an_unplugged_camera_keeps_the_set(server, coach, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    before = wait_for_count(opened.page, 2)
    opened.page.evaluate("""() => {
        const [track] = document.getElementById("video").srcObject.getVideoTracks();
        track.stop();
        track.dispatchEvent(new Event("ended"));
    }""")
    assert halt_text(opened.page) == "The camera is gone. Plug it in again; your repetitions are kept."
    assert opened.page.text_content("#eye") == "Camera off"
    opened.page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    opened.page.wait_for_selector("#halt", state="hidden")
    assert wait_for_count(opened.page, before + 2) >= before + 2
    assert len(coach.sessions) == 1
    times_s = coach.sessions[0].times_s
    assert times_s == sorted(set(times_s))
    assert opened.errors == []


def test_a_lost_connection_comes_back_and_the_set_goes_on(server, coach, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    before = wait_for_count(opened.page, 2)
    opened.page.evaluate("spy.socket.close()")
    assert wait_for_count(opened.page, before + 2) >= before + 2
    assert len(coach.sessions) == 1


def test_a_stopped_coach_is_said_and_found_again(coach, open_page):
    with run_server(coach.services) as server:
        opened = open_page(server)
        opened.start_camera("Wave")
        wait_for_count(opened.page, 1)
    assert halt_text(opened.page).startswith("The coach does not answer.")
    with run_server(coach.services, port=server.port):
        opened.wait_for_end()
        assert opened.page.text_content("#notice") == "The coach was stopped, so this set has no summary."
        opened.page.wait_for_selector("#home:not([hidden])")


def test_pause_stops_the_stream_and_takes_no_time(server, coach, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    wait_for_count(opened.page, 1)
    opened.page.keyboard.press("Space")
    assert halt_text(opened.page) == "Paused."
    opened.page.wait_for_timeout(200)
    frames = len(coach.sessions[0].times_s)
    opened.page.wait_for_timeout(600)
    assert len(coach.sessions[0].times_s) == frames
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("#halt", state="hidden")
    wait_for_count(opened.page, 2)
    times_s = coach.sessions[0].times_s
    assert times_s[frames] - times_s[frames - 1] < 0.1


def test_a_connection_lost_in_a_pause_leaves_the_pause(server, coach, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    before = wait_for_count(opened.page, 1)
    opened.page.keyboard.press("Space")
    assert halt_text(opened.page) == "Paused."
    opened.page.evaluate("spy.socket.close()")
    opened.page.wait_for_timeout(1500)
    assert halt_text(opened.page) == "Paused."
    opened.page.keyboard.press("Enter")
    assert wait_for_count(opened.page, before + 1) > before
    assert len(coach.sessions) == 1


def test_escape_ends_the_set_and_the_camera(server, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    wait_for_count(opened.page, 1)
    opened.page.evaluate("window.track = document.getElementById('video').srcObject.getVideoTracks()[0]")
    assert opened.page.text_content("#eye") == "Camera on"
    opened.page.keyboard.press("Escape")
    opened.wait_for_summary()
    assert opened.page.evaluate("track.readyState") == "ended"


def test_a_hidden_page_turns_the_camera_off(server, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    before = wait_for_count(opened.page, 1)
    opened.page.evaluate("""() => {
        window.track = document.getElementById("video").srcObject.getVideoTracks()[0];
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    assert halt_text(opened.page) == "Paused. The camera is off while this page is out of sight."
    assert opened.page.evaluate("track.readyState") == "ended"
    assert opened.page.text_content("#eye") == "Camera off"
    opened.page.click("#halt-actions button:has-text('Go on')")
    assert wait_for_count(opened.page, before + 1) > before


def test_the_camera_is_remembered(server, open_page):
    opened = open_page(server)
    opened.start_camera("Wave")
    wait_for_count(opened.page, 1)
    used = opened.page.evaluate("document.getElementById('video').srcObject.getVideoTracks()[0].label")
    opened.page.keyboard.press("Escape")
    opened.wait_for_summary()
    remembered = opened.page.evaluate("JSON.parse(localStorage.getItem('camera'))")
    assert remembered["label"] == used
    assert remembered["deviceId"]
