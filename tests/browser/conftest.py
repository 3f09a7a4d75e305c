"""A real Chromium whose camera plays a clip, and the coach it talks to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from unslouch.testing.serving import RunningServer, run_server
from unslouch.web.services import CoachServices, default_services

QUIET_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--autoplay-policy=no-user-gesture-required",
]
SPY = Path(__file__).with_name("spy.js").read_text(encoding="utf-8")


@dataclass
class OpenPage:
    """A page in its own Chromium, with everything it asked for."""

    page: Page
    context: BrowserContext
    server: RunningServer
    net_log: Path
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def goto_home(self) -> None:
        self.page.goto(self.server.origin + "/")
        self.page.wait_for_selector("#home:not([hidden])")

    def choose(self, exercise_name: str) -> None:
        self.page.click(f"#exercises button:has-text('{exercise_name}')")
        self.page.wait_for_selector("#prepare:not([hidden])")

    def start_camera(self, exercise_name: str) -> None:
        self.goto_home()
        self.choose(exercise_name)
        self.page.click("#start-camera")

    def wait_for_summary(self, timeout_s: float = 30.0) -> None:
        self.page.wait_for_selector("#summary:not([hidden])", timeout=timeout_s * 1e3)

    def wait_for_end(self, timeout_s: float = 30.0) -> None:
        self.page.wait_for_selector("#live", state="hidden", timeout=timeout_s * 1e3)

    def close(self) -> None:
        """Close the browser, which completes its log."""
        browser = self.context.browser
        assert browser is not None
        browser.close()

    def heard(self) -> list[dict]:
        """Everything said aloud so far."""
        return self.page.evaluate("spy.said")

    def captions(self) -> list[str]:
        """Every caption so far."""
        return self.page.evaluate("spy.captions")

    def answers(self) -> list[dict]:
        """Every message of the coach so far."""
        return [json.loads(text) for text in self.page.evaluate("spy.answers")]

    def hosts(self) -> set[str]:
        """Every machine that the page asked for anything; what never leaves the page names none."""
        named = [urlsplit(address) for address in self.asked]
        return {a.hostname or "" for a in named if a.scheme not in {"blob", "data", "about"}}

    def reps(self) -> list[dict]:
        """Every repetition that the coach told the page about."""
        events = [e for answer in self.answers() for e in answer.get("events", [])]
        return [event["rep"] for event in events if event["event"] == "rep"]


@pytest.fixture
def serve() -> Iterator[Callable[[CoachServices], RunningServer]]:
    with ExitStack() as stack:
        yield lambda coach: stack.enter_context(run_server(coach))


@pytest.fixture
def real_coach() -> CoachServices:
    return default_services()


@pytest.fixture
def open_page(browser_path: Path, tmp_path: Path) -> Iterator[Callable[..., OpenPage]]:
    """Open a page: `camera` is a .y4m file, "pattern" for Chromium's own picture, or None for a refused camera."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())

        def open_it(
            server: RunningServer, *, camera: Path | str | None = "pattern", cameras: int = 1, **context_options
        ) -> OpenPage:
            net_log = tmp_path / "net-log.json"
            flags = [*QUIET_FLAGS, f"--log-net-log={net_log}"]
            if camera is not None:
                device = f"--use-fake-device-for-media-stream=device-count={cameras}"
                flags += ["--use-fake-ui-for-media-stream", device]
            if isinstance(camera, Path):
                flags.append(f"--use-file-for-fake-video-capture={camera}")
            browser = playwright.chromium.launch(executable_path=browser_path, args=flags)
            stack.callback(browser.close)
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **context_options})
            context.add_init_script(SPY)
            opened = OpenPage(context.new_page(), context, server, net_log)
            context.on("request", lambda request: opened.asked.append(request.url))
            opened.page.on("websocket", lambda socket: opened.asked.append(socket.url))
            opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
            opened.page.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
            return opened

        yield open_it
