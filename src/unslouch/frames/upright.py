"""Turns a decoded picture into what a viewer sees: upright, with square pixels, not needlessly large."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from av.sidedata.sidedata import Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.sidedata.sidedata import SideData
    from av.video.frame import VideoFrame

    from unslouch.ports import Image

MAX_SIDE_PX = 1920
"""Larger pictures are scaled down as they are converted: the networks look at 256 x 256."""
MAX_PIXEL_ASPECT = 4
"""A pixel wider or taller than this is a wrong entry in the file, not a shape."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How stored rows and columns become upright ones: swap them first, then flip.

    Eight of these are all that phones write: four turns, mirrored or not. A mirroring is undone as the file asks, so
    that the picture is the one every player shows.
    """

    swap: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def from_matrix(cls, matrix: list[int]) -> Turn:
        """Read a display matrix, nine fixed-point numbers that take (x, y) to (a x + c y, b x + d y)."""
        a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(swap=True, flip_x=c < 0, flip_y=b < 0)
        return cls(swap=False, flip_x=a < 0, flip_y=d < 0)

    def apply(self, image: Image) -> Image:
        """Turn a picture."""
        if self.swap:
            image = image.transpose(1, 0, 2)
        if self.flip_x:
            image = image[:, ::-1]
        if self.flip_y:
            image = image[::-1]
        return np.ascontiguousarray(image)


def read_turn(picture: VideoFrame) -> Turn:
    """Read how a picture is to be turned from what the phone wrote beside it."""
    for one in cast("Iterable[SideData]", picture.side_data):
        if one.type == Type.DISPLAYMATRIX:
            return Turn.from_matrix([int(v) for v in np.frombuffer(bytes(one), np.int32)])
    return Turn()


def compute_size(width_px: int, height_px: int, pixel_aspect: Fraction | None) -> tuple[int, int]:
    """Compute the size, (width, height) px before turning, at which pixels are square and no side is too long."""
    aspect = pixel_aspect or Fraction(1)
    if not Fraction(1, MAX_PIXEL_ASPECT) <= aspect <= MAX_PIXEL_ASPECT:
        aspect = Fraction(1)
    width = width_px * max(aspect, Fraction(1))
    height = height_px / min(aspect, Fraction(1))
    scale = min(Fraction(1), MAX_SIDE_PX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def make_upright(picture: VideoFrame, pixel_aspect: Fraction | None) -> Image:
    """Convert a decoded picture to (height, width, 3) uint8, BGR, upright, with square pixels."""
    width_px, height_px = compute_size(picture.width, picture.height, pixel_aspect)
    if (width_px, height_px) == (picture.width, picture.height):
        image = cast("Image", picture.to_ndarray(format="bgr24"))
    else:
        way = "AREA" if width_px < picture.width else "BICUBIC"
        image = cast("Image", picture.to_ndarray(format="bgr24", width=width_px, height=height_px, interpolation=way))
    if picture.interlaced_frame:
        # Two moments in one picture comb every moving arm: keep the first alone.
        image = cast("Image", cv2.resize(image[::2], (width_px, height_px), interpolation=cv2.INTER_LINEAR))
    return read_turn(picture).apply(image)
