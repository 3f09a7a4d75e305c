"""What somebody wears, as the camera sees it: told from the picture's own light, cheap enough for every frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.pose import Keypoint

if TYPE_CHECKING:
    from unslouch.core.pose import FloatArray
    from unslouch.estimators.blazepose.geometry import Image
    from unslouch.estimators.blazepose.landmarker import Landmarks

GRID = 8
"""The trunk is looked at in so many rows and columns of points."""
HALF_OF_SHOULDERS = 0.3
HALF_OF_LENGTH = 0.13
LIMB_POINTS = 10
LIMB_MIN_PRESENCE = 0.7
LIMB_MIN_VISIBILITY = 0.5
MIN_SAMPLES = 24
SCENE_STEPS = 16
DARK_OFFSET = 16.0
"""Grey levels added before the logarithm: dark cloth has no colour worth the name, only noise."""
LOW = np.array([-0.9, -2.1, -0.9])
STEP = np.array([0.15, 0.35, 0.15])
BINS = np.array([12, 10, 12])
ARM_SHARE = 0.6
"""How much of the trunk the person's own arms may cover."""

_TRUNK = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_THIGHS = np.array([[Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE], [Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE]])
_ARMS = np.array(
    [
        [Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW],
        [Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST],
        [Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW],
        [Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST],
    ]
)
_N_BINS = int(BINS.prod())
_STRIDES = np.array([BINS[1] * BINS[2], BINS[2], 1])
_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]) @ _STRIDES
_LOGARITHMS = np.log(np.arange(256) + DARK_OFFSET)
_ALONG_LIMB = np.linspace(0.15, 0.85, LIMB_POINTS)[:, None]


def _compute_grid() -> FloatArray:
    """Compute where the trunk is looked at: down its axis from 0.1 to 0.9, across it from -1 to 1, (64, 2)."""
    down, across = np.meshgrid(np.linspace(0.1, 0.9, GRID), np.linspace(-1.0, 1.0, GRID))
    return np.stack([down.ravel(), across.ravel()], axis=1)


_GRID = _compute_grid()


@dataclass(frozen=True, slots=True)
class Appearance:
    """Histograms of colours relative to the picture's middle, so that a lamp or the exposure changes little.

    Attributes
    ----------
    body : (1440,) float, trunk and thighs; adds up to 1.
    arms : (1440,) float, sleeves and skin; adds up to 1, or to 0 where no arm is seen.
    """

    body: FloatArray
    arms: FloatArray

    def blend(self, other: Appearance, share: float) -> Appearance:
        """Mix in a share of another look at the same person."""
        return Appearance(
            (1 - share) * self.body + share * other.body,
            (1 - share) * self.arms + share * other.arms,
        )


def compute_likeness(seen: Appearance, known: Appearance) -> float:
    """Compute how much of what is seen the known person explains, from 0 (nothing) to 1 (all).

    Arms in front of the trunk are the person's own, too.
    """
    return float(np.minimum(seen.body, known.body + ARM_SHARE * known.arms).sum())


def place_on_trunk(points: FloatArray) -> FloatArray:
    """Place the points at which the trunk is looked at, (64, 2) px.

    Seen from the side the shoulders fall into one line, but the trunk stays as deep as a quarter of its length.
    """
    left, right, hip_left, hip_right = points[_TRUNK]
    top, bottom = (left + right) / 2, (hip_left + hip_right) / 2
    axis = bottom - top
    length_px = max(float(np.hypot(*axis)), 1.0)
    sideways = np.array([-axis[1], axis[0]]) / length_px
    half_px = max(HALF_OF_SHOULDERS * float(np.hypot(*(left - right))), HALF_OF_LENGTH * length_px)
    return np.asarray(top + _GRID[:, :1] * axis + _GRID[:, 1:] * half_px * sideways)


def describe(image_bgr: Image, found: Landmarks) -> Appearance | None:
    """Describe what a person wears; None when too little of the body is in the frame."""
    points = found.keypoints_px
    thighs = _THIGHS[found.presence[_THIGHS[:, 1]] >= LIMB_MIN_PRESENCE]
    clear = (found.presence >= LIMB_MIN_PRESENCE) & (found.visibility >= LIMB_MIN_VISIBILITY)
    body = _pick(image_bgr, np.concatenate([place_on_trunk(points), _place_on_limbs(points, thighs)]))
    if len(body) < MIN_SAMPLES:
        return None
    arms = _pick(image_bgr, _place_on_limbs(points, _ARMS[clear[_ARMS].all(axis=1)]))
    height_px, width_px = image_bgr.shape[:2]
    step_y, step_x = max(height_px // SCENE_STEPS, 1), max(width_px // SCENE_STEPS, 1)
    scene = image_bgr[step_y // 2 :: step_y, step_x // 2 :: step_x].reshape(-1, 3)
    colours = _oppose(np.concatenate([scene, body, arms]))
    # The mean of the middle half: the median jumps where walls and floor share the picture evenly.
    quarter = len(scene) // 4
    middle = np.sort(colours[: len(scene)], axis=0)[quarter : len(scene) - quarter].mean(axis=0)
    return Appearance(*_count(colours[len(scene) :] - middle, len(body)))


def _place_on_limbs(points: FloatArray, limbs: FloatArray) -> FloatArray:
    """Place points along limbs, each given by the keypoints of its two ends."""
    start, end = points[limbs[:, 0]], points[limbs[:, 1]]
    return np.asarray((start[:, None] + _ALONG_LIMB * (end - start)[:, None]).reshape(-1, 2))


def _pick(image_bgr: Image, at_px: FloatArray) -> Image:
    """Pick the colours at those points that lie in the picture, (n, 3) uint8."""
    at = np.floor(at_px).astype(np.int64)
    height_px, width_px = image_bgr.shape[:2]
    at = at[(at >= 0).all(axis=1) & (at[:, 0] < width_px) & (at[:, 1] < height_px)]
    picked: Image = image_bgr[at[:, 1], at[:, 0]]
    return picked


def _oppose(bgr: Image) -> FloatArray:
    """Turn colours into blue against green, brightness, and red against green, all as logarithms."""
    logs: FloatArray = _LOGARITHMS[bgr]
    logs[:, 0] -= logs[:, 1]
    logs[:, 2] -= logs[:, 1]
    return logs


def _count(colours: FloatArray, split: int) -> tuple[FloatArray, FloatArray]:
    """Count colours in bins, each shared among its eight nearest, so that nothing hangs on a bin's edge.

    Returns
    -------
    Two histograms, each adding up to 1: of the first `split` colours and of the others.
    """
    place = ((colours - LOW) / STEP).clip(0, BINS - 1.001)
    cell = place.astype(np.int64)
    high = place - cell
    (x0, y0, z0), (x1, y1, z1) = (1 - high).T, high.T
    weights = [
        x0 * y0 * z0,
        x0 * y0 * z1,
        x0 * y1 * z0,
        x0 * y1 * z1,
        x1 * y0 * z0,
        x1 * y0 * z1,
        x1 * y1 * z0,
        x1 * y1 * z1,
    ]
    index = cell @ _STRIDES
    index[split:] += _N_BINS
    counts = np.bincount((_CORNERS[:, None] + index).ravel(), np.concatenate(weights), minlength=2 * _N_BINS)
    return counts[:_N_BINS] / max(split, 1), counts[_N_BINS:] / max(len(colours) - split, 1)
