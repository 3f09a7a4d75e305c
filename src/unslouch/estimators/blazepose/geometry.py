"""The square of the picture that a network looks at, and the way between its pixels and the frame's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from unslouch.core.pose import FloatArray

Image = NDArray[np.uint8]

REGION_OVER_BODY = 1.25
"""The region's side over the diameter of the circle that the alignment points draw round the body."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rotated square in frame pixels.

    Attributes
    ----------
    x_px, y_px : its centre, px, image frame (x right, y down).
    side_px : its side, px.
    angle_rad : clockwise turn of its upright on screen, rad, in [-pi, pi).
    """

    x_px: float
    y_px: float
    side_px: float
    angle_rad: float

    def compute_crop_to_frame(self, crop_px: float) -> FloatArray:
        """Compute the (2, 3) matrix that takes pixel indices of a square crop to pixel indices of the frame.

        Index 0 is the region's corner and index `crop_px`, one past the end, the opposite corner: the network was
        trained without a half-pixel shift.
        """
        scale, half = self.side_px / crop_px, self.side_px / 2
        cos, sin = math.cos(self.angle_rad), math.sin(self.angle_rad)
        return np.array(
            [
                [scale * cos, -scale * sin, self.x_px - half * cos + half * sin],
                [scale * sin, scale * cos, self.y_px - half * sin - half * cos],
            ]
        )

    @classmethod
    def from_alignment(cls, centre_px: FloatArray, rim_px: FloatArray) -> Region:
        """Lay the region round a body, given the middle of the hips and a point straight above it on its circle."""
        dx, dy = (float(v) for v in rim_px - centre_px)
        angle_rad = math.pi / 2 - math.atan2(-dy, dx)
        angle_rad -= 2 * math.pi * math.floor((angle_rad + math.pi) / (2 * math.pi))
        side_px = 2 * math.hypot(dx, dy) * REGION_OVER_BODY
        return cls(float(centre_px[0]), float(centre_px[1]), side_px, angle_rad)

    @classmethod
    def around_frame(cls, width_px: int, height_px: int) -> Region:
        """Lay the smallest upright square round a whole frame."""
        return cls(width_px / 2, height_px / 2, float(max(width_px, height_px)), 0.0)


def crop_region(image_bgr: Image, region: Region, crop_px: int, border: int) -> Image:
    """Cut a region out of a frame as a square RGB picture.

    Parameters
    ----------
    image_bgr : (height, width, 3) uint8.
    region : what to cut; may reach outside the frame.
    crop_px : side of the result, px.
    border : what lies outside the frame, an OpenCV border mode.

    Returns
    -------
    (crop_px, crop_px, 3) uint8, RGB.
    """
    # A perspective warp on purpose: OpenCV's affine warp rounds the source position more coarsely.
    matrix = np.vstack([region.compute_crop_to_frame(crop_px), [0.0, 0.0, 1.0]])
    cropped = cv2.warpPerspective(
        image_bgr, matrix, (crop_px, crop_px), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=border
    )
    return cv2.cvtColor(cropped, cv2.COLOR_BGR2RGB, dst=cropped)  # type: ignore[return-value]
