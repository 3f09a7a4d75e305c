"""A pinhole camera that looks at the athlete from any side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unslouch.testing.anatomy import Z, unit

if TYPE_CHECKING:
    from unslouch.core.pose import FloatArray


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands and how it sees.

    Attributes
    ----------
    azimuth_deg : 0 in front of the person, + towards the person's left, 90 at the left side.
    distance_m, height_m : from the origin, where the person stands; above the floor.
    look_at_m : height of the point in the middle of the picture.
    fov_deg : vertical field of view.
    size_px : (width, height).
    """

    azimuth_deg: float = 0.0
    distance_m: float = 3.2
    height_m: float = 1.25
    look_at_m: float = 1.08
    fov_deg: float = 45.0
    size_px: tuple[int, int] = (640, 480)

    @property
    def eye_m(self) -> FloatArray:
        """Position in the world."""
        a = np.radians(self.azimuth_deg)
        return np.array([self.distance_m * np.sin(a), -self.distance_m * np.cos(a), self.height_m])

    @property
    def axes(self) -> FloatArray:
        """Rows: to the picture's right, up, and towards the camera, in world coordinates."""
        backward = unit(self.eye_m - self.look_at_m * Z)
        right = unit(np.cross(Z, backward))
        return np.stack([right, np.cross(backward, right), backward])

    @property
    def focal_px(self) -> float:
        """Focal length."""
        return float(self.size_px[1] / 2 / np.tan(np.radians(self.fov_deg) / 2))

    def in_camera_m(self, points_m: FloatArray) -> FloatArray:
        """Turn (n, 3) world points into camera coordinates: x right, y down, z away from the camera."""
        local = (np.asarray(points_m) - self.eye_m) @ self.axes.T
        return np.asarray(local * np.array([1.0, -1.0, -1.0]), dtype=np.float64)

    def project(self, points_m: FloatArray) -> FloatArray:
        """Picture coordinates (n, 2), px, x right, y down; NaN behind the camera."""
        local = self.in_camera_m(points_m)
        depth = np.where(local[:, 2] > 0.05, local[:, 2], np.nan)
        centre = np.array(self.size_px) / 2
        return np.asarray(centre + self.focal_px * local[:, :2] / depth[:, None], dtype=np.float64)
