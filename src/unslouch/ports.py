"""What the session and the shells need from the outside, as protocols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from unslouch.core.pose import PoseFrame

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: upright, square pixels, never mirrored.

    Attributes
    ----------
    t_s : capture time, s.
    image_bgr : (height, width, 3) uint8.
    """

    t_s: float
    image_bgr: Image


class FrameSource(Protocol):
    """A recording or a camera; iterate once, then close."""

    @property
    def duration_s(self) -> float | None:
        """Length, s, if the source knows it."""

    @property
    def damaged(self) -> bool:
        """Whether some of it could not be read; known once all frames were given."""

    def __iter__(self) -> Iterator[Frame]:
        """Give the frames in the order of their times."""

    def close(self) -> None:
        """Let go of the recording or the camera."""


class PoseEstimator(Protocol):
    """Finds one person and stays with them from frame to frame."""

    def estimate(self, frame: Frame) -> PoseFrame:
        """Locate the person; everything NaN when nobody is seen."""

    def reset(self) -> None:
        """Forget the person."""

    def close(self) -> None:
        """Free the networks."""


class SourceError(Exception):
    """A recording cannot be read; the message is a sentence for the user."""
