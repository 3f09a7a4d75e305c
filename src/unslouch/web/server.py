"""Binds to this computer alone and serves the page."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn import Server

    from unslouch.web.services import CoachServices

DEFAULT_PORT = 8710
TRIED_PORTS = 20
HOST = "127.0.0.1"
MAX_MESSAGE_BYTES = 8 * 1024 * 1024


class PortTakenError(Exception):
    """The asked port is in use; the message is a sentence for the user."""


def bind(port: int | None) -> socket.socket:
    """Bind to 127.0.0.1.

    Parameters
    ----------
    port : exactly this port; None takes the first free one from `DEFAULT_PORT` on.

    Raises
    ------
    PortTakenError : the port, or every port tried, is in use.
    """
    wanted = [port] if port is not None else list(range(DEFAULT_PORT, DEFAULT_PORT + TRIED_PORTS))
    for candidate in wanted:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
            listener.listen(64)
        except OSError as error:
            listener.close()
            if error.errno == errno.EACCES:
                raise PortTakenError(
                    f"Port {candidate} needs more rights than you have; choose one above 1023."
                ) from error
            continue
        return listener
    span = f"Port {port} is" if port is not None else f"Ports {DEFAULT_PORT} to {DEFAULT_PORT + TRIED_PORTS - 1} are"
    raise PortTakenError(f"{span} in use by another program; choose another with --port.")


def serve(port: int | None = None, *, open_browser: bool = True) -> int:
    """Serve the page until interrupted; returns the exit code (2: no port to be had)."""
    try:
        listener = bind(port)
    except PortTakenError as error:
        print(error, file=sys.stderr)
        return 2
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    with listener:
        print(f"Unslouch is at {address}, for this computer only. Ctrl+C stops it.", flush=True)
        if open_browser:  # the port already listens, so the browser starts while the server does
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        from unslouch.web.services import default_services

        server = make_server(default_services())
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    return 0


def make_server(coach: CoachServices) -> Server:
    """Build the server for sockets that are already bound."""
    import uvicorn

    from unslouch.web.app import create_app

    config = uvicorn.Config(
        create_app(coach),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)
