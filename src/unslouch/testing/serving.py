"""A real server of the page on a free port, for as long as a test needs it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from websockets.sync.client import ClientConnection, connect

from unslouch.web.server import bind, make_server
from unslouch.web.services import CoachServices


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that listens on 127.0.0.1."""

    port: int

    @property
    def origin(self) -> str:
        """The page's own origin."""
        return f"http://127.0.0.1:{self.port}"

    def request(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        """Ask for a path exactly as written; `{port}` in a header's value becomes the port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers=self._fill(headers))
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def connect(self, headers: Mapping[str, str] | None = None) -> ClientConnection:
        """Open a live connection with exactly these headers."""
        return connect(f"ws://127.0.0.1:{self.port}/live", additional_headers=self._fill(headers), proxy=None)

    def connect_as_page(self) -> ClientConnection:
        """Open a live connection as the page does."""
        return self.connect({"Origin": self.origin})

    def _fill(self, headers: Mapping[str, str] | None) -> dict[str, str]:
        return {name: value.replace("{port}", str(self.port)) for name, value in (headers or {}).items()}


@contextmanager
def run_server(coach: CoachServices, port: int = 0) -> Iterator[RunningServer]:
    """Serve the page from a thread until the block ends; port 0 is any free one."""
    server = make_server(coach)
    with bind(port) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), name="unslouch-test-server")
        thread.start()
        try:
            yield RunningServer(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(10)
