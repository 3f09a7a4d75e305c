"""Decides where the detector looks next: at the whole frame, or closer at a part of it.

Notes
-----
The detector sees a frame at 224 x 224, so in a wide picture somebody who fills less than half of its height is too
small for it. Rendered people below 40 % of the height of 1280 x 720, 225 frames: found in 6 by looking at the whole, in
all by looking closer at three squares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unslouch.estimators.blazepose.geometry import Region

if TYPE_CHECKING:
    from unslouch.estimators.blazepose.subject import Place

CLOSER = 0.75
"""Side of a closer look over the frame's short side."""
LOOKS_ALONG = 3
ROUND_PLACE_RADII = 4.0
"""Side of a look round the place where somebody was lost, in radii of their circle."""


def lay_closer_looks(width_px: int, height_px: int) -> list[Region]:
    """Lay squares along the frame's long side; in a wide frame they stand on its floor."""
    side_px = CLOSER * min(width_px, height_px)
    wide = width_px >= height_px
    length_px = width_px if wide else height_px
    steps = [side_px / 2 + i * (length_px - side_px) / (LOOKS_ALONG - 1) for i in range(LOOKS_ALONG)]
    if wide:
        return [Region(at, height_px - side_px / 2, side_px, 0.0) for at in (steps[1], steps[0], steps[2])]
    return [Region(width_px / 2, at, side_px, 0.0) for at in (steps[1], steps[0], steps[2])]


def look_round(place: Place) -> Region:
    """Lay a square round a place and what is next to it."""
    x_px, y_px = (float(v) for v in place.hips_px)
    return Region(x_px, y_px, ROUND_PLACE_RADII * place.radius_px, 0.0)


class Search:
    """Takes turns between the whole frame and closer looks, one for each frame."""

    def __init__(self) -> None:
        self._turn = 0

    def reset(self) -> None:
        """Begin anew: somebody was found."""
        self._turn = 0

    def choose(self, width_px: int, height_px: int, lost_at: Place | None) -> Region | None:
        """Choose where to look in this frame; None is the whole of it."""
        turn = self._turn
        self._turn += 1
        if turn % 2 == 0:
            return None
        if lost_at is not None:
            return look_round(lost_at)
        return lay_closer_looks(width_px, height_px)[turn // 2 % LOOKS_ALONG]
