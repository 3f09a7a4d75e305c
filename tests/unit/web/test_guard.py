"""Only the page served here may use the coach."""

import json

import pytest
from websockets.exceptions import InvalidStatus

PATHS = ["/", "/api/exercises", "/api/clips", "/static/js/main.js"]


def test_own_page_enters_with_strict_headers(server):
    for path in PATHS:
        answer = server.request(path, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"})
        assert answer.status == 200, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert f"connect-src 'self' ws://127.0.0.1:{server.port}" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "camera=(self)" in answer.headers["permissions-policy"]
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "127.0.0.1.evil.example:{port}"])
def test_foreign_host_is_refused(server, host):
    for path in PATHS:
        answer = server.request(path, {"Host": host})
        assert answer.status == 403, path
        assert answer.body == b"This address is not Unslouch's own."


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
def test_foreign_origin_is_refused(server, origin):
    assert server.request("/api/exercises", {"Origin": origin}).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_pages_may_link_here_but_not_embed(server, site):
    embedded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    linked = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert server.request("/static/icon.svg", embedded).status == 403
    assert server.request("/", framed).status == 403
    assert server.request("/", linked).status == 200


def test_nothing_is_written_over_http(server):
    assert server.request("/api/exercises", method="POST").status == 403


def test_localhost_by_name_is_this_computer_too(server):
    assert server.request("/", {"Host": "localhost:{port}"}).status == 200


def test_files_outside_the_page_stay_outside(server):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert server.request(path).status == 404, path


def test_foreign_live_connection_is_refused(server):
    for headers in ({}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:1"}):
        with pytest.raises(InvalidStatus) as refusal:
            server.connect(headers)
        assert refusal.value.response.status_code == 403, headers


def test_rebound_name_gets_no_live_connection(server):
    handshake = {
        "Host": "evil.example:{port}",
        "Origin": "http://evil.example:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert server.request("/live", handshake).status == 403
    own = handshake | {"Host": "127.0.0.1:{port}", "Origin": "http://127.0.0.1:{port}"}
    assert server.request("/live", own).status == 101, "the same handshake from the page itself is let in"


def test_own_live_connection_enters(server):
    with server.connect_as_page() as socket:
        socket.send(json.dumps({"type": "prepare"}))
        assert json.loads(socket.recv(5)) == {"type": "prepared"}
