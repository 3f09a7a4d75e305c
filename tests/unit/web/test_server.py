"""Binding: this computer only, one clear sentence when a port is taken."""

import socket
import subprocess
import sys

import pytest

from unslouch.web import server


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_it_binds_to_this_computer_only():
    with server.bind(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_an_asked_port_that_is_taken_is_one_sentence_and_code_2(taken, capsys):
    assert server.serve(taken, open_browser=False) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"Port {taken} is in use by another program; choose another with --port.\n"


def test_without_a_wish_the_next_free_port_is_taken(taken, monkeypatch):
    monkeypatch.setattr(server, "DEFAULT_PORT", taken)
    with server.bind(None) as listener:
        assert taken < listener.getsockname()[1] < taken + server.TRIED_PORTS


def imported_by(module):
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_is_heavy_is_imported_only_when_somebody_trains():
    assert imported_by("unslouch.web.app") & {"cv2", "av", "ai_edge_litert", "scipy", "pydantic"} == set()
    assert imported_by("unslouch.web.server") & {"numpy", "starlette", "uvicorn"} == set()
