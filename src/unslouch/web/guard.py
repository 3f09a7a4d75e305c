"""Keeps every other web page out: only the page served here, from this computer, may talk to the coach."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

LOCAL_NAMES = ("127.0.0.1", "localhost")

_FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), screen-wake-lock=(self), microphone=(), geolocation=(), usb=(), payment=()",
}


def content_security_policy(host: str) -> str:
    """Build the policy under which the page runs: nothing but its own files and its own socket.

    Parameters
    ----------
    host : the checked Host header; some browsers do not count a WebSocket as 'self'.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' blob:",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "connect-src": f"'self' ws://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def why_refused(scope: Scope) -> str | None:
    """Say why a request may not enter; None when it may.

    The Host must be a local name with our own port (a rebound DNS name carries its own name), the Origin must be
    the page served here; a WebSocket must always bring one, since browsers do not protect sockets otherwise.
    """
    headers = Headers(scope=scope)
    server = scope.get("server")
    port = server[1] if server else None
    hosts = headers.getlist("host")
    if len(hosts) != 1 or hosts[0] not in {f"{name}:{port}" for name in LOCAL_NAMES}:
        return "This address is not Unslouch's own."
    origins = headers.getlist("origin")
    if origins and origins != [f"http://{hosts[0]}"]:
        return "Another web page may not use Unslouch."
    if scope["type"] == "websocket":
        return None if origins else "A live connection must come from Unslouch's own page."
    if scope["method"] not in {"GET", "HEAD"}:
        return "Unslouch's page only reads."
    site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
    opened_by_link = mode == "navigate" and headers.get("sec-fetch-dest", "document") == "document"
    if site not in {"same-origin", "none"} and not opened_by_link:
        return "Another web page may not use Unslouch."
    return None


class Guard:
    """ASGI middleware: refuses strangers and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer it here."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        refused = why_refused(scope)
        if scope["type"] == "websocket":
            entrance: ASGIApp = WebSocketClose(code=1008, reason=refused) if refused else self.app
            await entrance(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", "")) if not refused else "default-src 'none'"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_FIXED_HEADERS)
                headers["Content-Security-Policy"] = policy
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        answer: ASGIApp = PlainTextResponse(refused, status_code=403) if refused else self.app
        await answer(scope, receive, send_guarded)
