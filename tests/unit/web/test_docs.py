"""The page about the live stream names every message there is."""

import re
from pathlib import Path

from unslouch.web import live, wire

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "explanation" / "live-stream.md").read_text(encoding="utf-8")


def test_every_command_and_answer_is_described():
    source = Path(live.__file__).read_text(encoding="utf-8") + Path(wire.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'case "(\w+)"', source)) | set(re.findall(r'"type": "(\w+)"', source))
    assert named == set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) - {"type"}


def test_every_event_is_described():
    assert all(f"`{name}`" in PAGE for name in wire.EVENT_NAMES.values())
