"""Nothing leaves this computer: not from the page, not from the browser on its behalf."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from unslouch.testing.coach import FakeCoach

pytestmark = pytest.mark.browser
BROWSER_ITSELF = "not an origin"


def traffic_of_pages(net_log):
    """List every machine that a page asked for or looked up; what the browser does for itself names no page."""
    log = json.loads(net_log.read_text(encoding="utf-8"))
    reached = set()
    for event in log["events"]:
        params = event.get("params", {})
        if "url" in params and params.get("initiator", BROWSER_ITSELF) != BROWSER_ITSELF:
            reached.add(urlsplit(params["url"]).hostname)
        if "host" in params and "127.0.0.1" in params.get("network_anonymization_key", ""):
            reached.add(urlsplit(params["host"]).hostname or params["host"].rsplit(":", 1)[0])
    return reached


def test_a_whole_set_talks_to_this_computer_only(serve, open_page):
    server = serve(FakeCoach(frames_a_rep=10).services)
    opened = open_page(server)
    opened.start_camera("Wave")
    opened.wait_for_summary()
    opened.page.wait_for_timeout(500)
    opened.close()
    assert {address for address in opened.asked if "/live" in address}, "the live connection was watched too"
    assert opened.hosts() == {"127.0.0.1"}
    assert traffic_of_pages(opened.net_log) == {"127.0.0.1"}


def test_the_policy_stops_a_page_that_wants_out(serve, open_page):
    opened = open_page(serve(FakeCoach().services))
    opened.goto_home()
    outcome = opened.page.evaluate("""() => new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", ({ blockedURI }) => resolve(blockedURI));
        fetch("http://192.0.2.1/").catch(() => setTimeout(() => resolve("no violation"), 1000));
    })""")
    assert outcome == "http://192.0.2.1/"
    opened.close()
    assert traffic_of_pages(opened.net_log) == {"127.0.0.1"}
