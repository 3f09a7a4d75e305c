"""The live path, measured in a real Chromium whose camera plays a clip at 640x480 and 30 frames/s."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from unslouch.testing.playing import write_y4m

ROOT = Path(__file__).resolve().parent.parent
WARM_UP_S = 4.0
MEASURED_S = 12.0
READY_WITHIN_S = 30.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


def measure_live(clip: Path, exercise_id: str) -> dict[str, float]:
    """Measure the page as a person meets it.

    Parameters
    ----------
    clip : a recording of 640x480 at 30 frames/s, played by Chromium as its camera, over and over.
    exercise_id : what the person in it does.

    Returns
    -------
    page_ready_s : from the start of the server's process to a page that can be used, median of three.
    live_fps : frames answered a second.
    live_p50_ms, live_p95_ms : from the grabbed picture to the coach's answer in the page.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = Path(folder) / "camera.y4m"
        write_y4m(clip, camera)
        browser = playwright.chromium.launch(
            executable_path=_find_browser(), args=[*FLAGS, f"--use-file-for-fake-video-capture={camera}"]
        )
        ready_s = [_measure_start(browser) for _ in range(3)]
        with _served() as address:
            stats = _measure_stream(browser.new_page(), address, exercise_id)
        browser.close()
    trips = statistics.quantiles(stats["roundTripsMs"], n=100, method="inclusive")
    return {
        "live_fps": round(stats["fps"], 1),
        "live_p50_ms": round(trips[49], 1),
        "live_p95_ms": round(trips[94], 1),
        "page_ready_s": round(statistics.median(ready_s), 2),
    }


def _measure_start(browser: Browser) -> float:
    page = browser.new_page()
    started_s = time.perf_counter()
    with _served() as address:
        page.goto(address)
        page.wait_for_selector("#exercises button")
        ready_s = time.perf_counter() - started_s
        page.close()
    return ready_s


def _measure_stream(page: Page, address: str, exercise_id: str) -> dict[str, Any]:
    page.goto(address)
    page.click(f"#exercises [data-exercise='{exercise_id}']")
    page.click("#start-camera")
    page.wait_for_selector("#bars .bar")
    page.wait_for_timeout(WARM_UP_S * 1e3)
    page.evaluate("async () => (await import('/static/js/stats.js')).stats.reset()")
    page.wait_for_timeout(MEASURED_S * 1e3)
    stats: dict[str, Any] = page.evaluate("async () => (await import('/static/js/stats.js')).stats.read()")
    return stats


@contextmanager
def _served() -> Iterator[str]:
    """Start the coach as its user does, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "unslouch.cli.main", "serve", "--no-open", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(port, server)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the coach did not start")


def _find_browser() -> str:
    found = os.environ.get("UNSLOUCH_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise RuntimeError("no browser: set UNSLOUCH_BROWSER to a Chromium or Chrome")
    return found
