"""Rules for every test: no network but this machine's own, no thread left behind."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


class NetworkForbiddenError(AssertionError):
    """A test tried to reach something that is not this machine."""


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _check_address(family: int, address: Any) -> None:
    if family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
        raise NetworkForbiddenError(f"a test tried to reach {address[0]}: only this machine itself may be reached")


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    """Close every socket but loopback ones, for the whole run."""
    patch = pytest.MonkeyPatch()
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_sendto, real_resolve = socket.socket.sendto, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        _check_address(self.family, address)
        return real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check_address(self.family, address)
        return real_connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _check_address(self.family, rest[-1])
        return real_sendto(self, data, *rest)

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        if not _is_here(host):
            raise NetworkForbiddenError(f"a test tried to look up {host}: only this machine itself may be reached")
        return real_resolve(host, *rest, **more)

    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect_ex)
    patch.setattr(socket.socket, "sendto", sendto)
    patch.setattr(socket, "getaddrinfo", resolve)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running; wider fixtures may keep theirs until they end."""
    before = set(threading.enumerate())
    yield
    deadline_s = time.monotonic() + 3.0
    while (left := [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]) and (
        time.monotonic() < deadline_s
    ):
        left[0].join(0.05)
    assert not left, f"threads left running: {', '.join(thread.name for thread in left)}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of recordings beside the repository, which is not part of it."""
    folder = ROOT.parent / "shared"
    if not (folder / "clips").is_dir():
        pytest.skip("the recordings in ../shared/clips are not on this machine")
    return folder


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """Return the Chromium that `make test` found or installed."""
    named = os.environ.get("UNSLOUCH_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not named:
        pytest.fail("no browser: run the tests by `make test`, which finds or installs one, or set UNSLOUCH_BROWSER")
    return Path(named)
