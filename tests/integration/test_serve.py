"""`unslouch serve` as a process: it says where it is, and leaves without a word when it is told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time

import pytest
from websockets.sync.client import connect

COMMAND = [sys.executable, "-m", "unslouch.cli.main", "serve", "--no-open", "--port"]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_with_an_open_page_ends_quietly(port):
    server = subprocess.Popen([*COMMAND, str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(f"Unslouch is at http://127.0.0.1:{port}/")
        origin = {"Origin": f"http://127.0.0.1:{port}"}
        with connect(f"ws://127.0.0.1:{port}/live", additional_headers=origin, proxy=None) as page:
            page.send(json.dumps({"type": "prepare"}))
            assert json.loads(page.recv(20)) == {"type": "prepared"}
            started_s = time.monotonic()
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=15)
        assert (server.returncode, out, err) == (0, "", "")
        assert time.monotonic() - started_s < 8
    finally:
        server.kill()
        server.wait()


def test_a_taken_port_is_one_sentence_and_code_2(port):
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run([*COMMAND, str(port)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"Port {port} is in use by another program; choose another with --port.\n"
