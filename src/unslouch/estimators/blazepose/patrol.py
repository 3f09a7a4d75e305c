"""Looks round now and then, until the person who is followed has settled: perhaps they are a poster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.pose import Keypoint
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.subject import Place

if TYPE_CHECKING:
    from unslouch.estimators.blazepose.detector import Detector
    from unslouch.estimators.blazepose.geometry import Image
    from unslouch.estimators.blazepose.landmarker import Landmarker, Landmarks

EVERY_S = 0.5
APART_RADII = 0.5
CLEARLY_MORE = 1.3
MORE_ROUNDS = 2
"""So many rounds in a row somebody clearly more prominent must be there to be preferred."""
ALIVE_RADII, STILL_RADII = 0.06, 0.02
STILL_ROUNDS = 6
"""So many rounds in a row the person must not have moved at all, while somebody else did."""
CENTRE_WEIGHT = 0.8
MIN_VISIBILITY = 0.5

_LIVELY = [
    Keypoint.NOSE,
    Keypoint.LEFT_ELBOW,
    Keypoint.RIGHT_ELBOW,
    Keypoint.LEFT_WRIST,
    Keypoint.RIGHT_WRIST,
]


def compute_prominence(region: Region, width_px: int) -> float:
    """Compute how much a picture is of somebody: their size, px, less towards the sides."""
    aside = abs(region.x_px - width_px / 2) / (width_px / 2)
    return region.side_px * (1 - CENTRE_WEIGHT * min(aside, 1.0))


def compute_travel(before: Landmarks, after: Landmarks) -> float:
    """Compute how far the liveliest of the upper body's keypoints went, in radii of the body's circle."""
    step_px = np.hypot(*(after.keypoints_px[_LIVELY] - before.keypoints_px[_LIVELY]).T)
    clear = np.minimum(before.visibility, after.visibility)[_LIVELY] > MIN_VISIBILITY
    return float(np.max(step_px * clear)) / Place.of(before).radius_px


@dataclass(slots=True)
class _Other:
    """Somebody else in the picture."""

    found: Landmarks
    prominence: float


class Patrol:
    """Compares the person with the most prominent other one, every half second."""

    def __init__(self) -> None:
        self._due_s: float | None = None
        self._first: Landmarks | None = None
        self._last_other: _Other | None = None
        self._more = self._still = 0

    def step(
        self, t_s: float, image_bgr: Image, current: Landmarks, detector: Detector, landmarker: Landmarker
    ) -> Landmarks | None:
        """Give the other person, when they have been the better choice for some rounds."""
        if self._due_s is None:
            self._due_s = t_s + EVERY_S
        if t_s < self._due_s:
            return None
        self._due_s = t_s + EVERY_S
        mine, other = _look_round(image_bgr, current, detector, landmarker)
        before, self._last_other = self._last_other, other
        if self._first is None:
            self._first = current
        if other is None:
            self._more = self._still = 0
            return None
        self._more = self._more + 1 if other.prominence > CLEARLY_MORE * mine else 0
        alive = before is not None and compute_travel(before.found, other.found) > ALIVE_RADII
        if compute_travel(self._first, current) > STILL_RADII:
            self._first, self._still = current, 0
        elif alive:
            self._still += 1
        return other.found if self._more >= MORE_ROUNDS or self._still >= STILL_ROUNDS else None


def _look_round(
    image_bgr: Image, current: Landmarks, detector: Detector, landmarker: Landmarker
) -> tuple[float, _Other | None]:
    """Find the person's own prominence and the most prominent other person."""
    place, width_px = Place.of(current), image_bgr.shape[1]
    mine = compute_prominence(Region.from_alignment(*current.alignment_px), width_px)
    best: Region | None = None
    for one in detector.detect(image_bgr):
        aside = np.hypot(one.region.x_px - place.hips_px[0], one.region.y_px - place.hips_px[1])
        more = best is None or compute_prominence(one.region, width_px) > compute_prominence(best, width_px)
        if aside > APART_RADII * place.radius_px and more:
            best = one.region
    found = None if best is None else landmarker.locate(image_bgr, best)
    if best is None or found is None:
        return mine, None
    return mine, _Other(found, compute_prominence(best, width_px))
