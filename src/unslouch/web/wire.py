"""The live stream's own language: frames come in as a small header and a JPEG, the coach answers in JSON."""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from math import isfinite
from typing import Any

import numpy as np

from unslouch.core.events import Event, LiveStatus
from unslouch.core.pose import PoseFrame

HEADER = struct.Struct("<dI")
"""Capture time (float64, ms) and sequence number (uint32), little-endian."""

EVENT_NAMES = {
    "RepCompleted": "rep",
    "Spoken": "spoken",
    "SetStarted": "set_started",
    "SetFinished": "set_finished",
}


class WireError(ValueError):
    """A message that this page did not send; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class FrameMessage:
    """One picture from the browser."""

    t_ms: float
    seq: int
    jpeg: bytes


def parse_frame(message: bytes) -> FrameMessage:
    """Split a binary message into its header and its JPEG."""
    if len(message) <= HEADER.size:
        raise WireError(f"a frame needs more than {HEADER.size} bytes, not {len(message)}")
    t_ms, seq = HEADER.unpack_from(message)
    if not isfinite(t_ms):
        raise WireError("a frame needs a capture time")
    return FrameMessage(t_ms, seq, message[HEADER.size :])


def to_plain(value: Any) -> Any:
    """Turn dataclasses, enums and NaN into what JSON can say."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, float):
        return round(float(value), 4) if isfinite(value) else None
    return value


def event_to_plain(event: Event) -> dict[str, Any]:
    """Name the event's kind and spell it out."""
    return {"event": EVENT_NAMES[type(event).__name__], **to_plain(event)}


def points_to_plain(pose: PoseFrame) -> list[list[float] | None] | None:
    """Keypoints for the overlay: [x, y, visibility] as shares of the picture; None where nothing is seen."""
    if not pose.somebody:
        return None
    shares = np.round(pose.keypoints_px / np.asarray(pose.size_px, dtype=np.float64), 4)
    return [
        [float(x), float(y), round(float(v), 2)] if isfinite(x) and isfinite(y) else None
        for (x, y), v in zip(shares, pose.visibility, strict=True)
    ]


def frame_answer(seq: int, pose: PoseFrame, status: LiveStatus, events: tuple[Event, ...]) -> dict[str, Any]:
    """Everything the page shows about one frame."""
    return {
        "type": "frame",
        "seq": seq,
        "t_s": round(pose.t_s, 4),
        "points": points_to_plain(pose),
        "status": to_plain(status),
        "events": [event_to_plain(event) for event in events],
    }
