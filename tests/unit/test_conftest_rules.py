"""The rules of tests/conftest.py hold."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_connection_leaves_this_machine(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(AssertionError, match="only this machine"):
        client.connect((host, 80))


def test_no_name_is_looked_up():
    with pytest.raises(AssertionError, match="only this machine"):
        socket.create_connection(("example.org", 80), timeout=1)


def test_no_datagram_leaves_this_machine():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, pytest.raises(AssertionError, match="only this"):
        client.sendto(b"x", ("192.0.2.1", 9))


def test_this_machine_can_be_reached():
    server = socket.create_server(("127.0.0.1", 0))
    with server, socket.create_connection(server.getsockname(), timeout=5) as client:
        client.sendall(b"hello")
        answer, _ = server.accept()
        with answer:
            assert answer.recv(5) == b"hello"


def test_a_thread_left_behind_fails_its_test(pytester_run):
    result = pytester_run(
        """
        import threading
        def test_leaves_one():
            stop = threading.Event()
            threading.Thread(target=stop.wait, args=(8,), daemon=True, name="straggler").start()
        """
    )
    assert "threads left running: straggler" in result.stdout
    assert result.returncode == 1


@pytest.fixture
def pytester_run(tmp_path):
    """Run one test file under the repository's conftest in a pytest of its own."""
    import subprocess
    import sys
    import textwrap
    from pathlib import Path

    def run(code):
        conftest = Path(__file__).parents[1] / "conftest.py"
        (tmp_path / "conftest.py").write_text(conftest.read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / "test_one.py").write_text(textwrap.dedent(code), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return run
