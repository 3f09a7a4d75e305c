"""BlazePose: 33 keypoints of one person, by a detector that finds and a network that follows."""

from __future__ import annotations

from unslouch.estimators.blazepose.tracker import BlazePose, LockSettings

__all__ = ["BlazePose", "LockSettings"]
