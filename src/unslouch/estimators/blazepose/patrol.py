"""Looks round now and then, until the person who is followed has moved: perhaps they are a poster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unslouch.estimators.blazepose.subject import Place

if TYPE_CHECKING:
    from unslouch.estimators.blazepose.detector import Detector
    from unslouch.estimators.blazepose.geometry import Image, Region
    from unslouch.estimators.blazepose.landmarker import Landmarker, Landmarks

EVERY_S = 0.5
APART_RADII = 0.5
CLEARLY_MORE = 1.3
ALIVE = 0.03
STILL = 0.01
"""Mean travel of the keypoints between two rounds, in radii of the body's circle."""
ROUNDS = 2
"""How many rounds in a row somebody must be the better choice."""
CENTRE_WEIGHT = 0.8


def compute_prominence(region: Region, width_px: int) -> float:
    """Compute how much a picture is of somebody: their size, px, less towards the sides."""
    aside = abs(region.x_px - width_px / 2) / (width_px / 2)
    return region.side_px * (1 - CENTRE_WEIGHT * min(aside, 1.0))


def compute_travel(before: Landmarks, after: Landmarks) -> float:
    """Compute how far the keypoints went on average, in radii of the body's circle."""
    step = np.hypot(*(after.keypoints_px - before.keypoints_px).T)
    weight = np.minimum(before.visibility, after.visibility) + 1e-9
    return float((step * weight).sum() / weight.sum()) / Place.of(before).radius_px


@dataclass(frozen=True, slots=True)
class _Round:
    """Who was seen where in one look round."""

    t_s: float
    current: Landmarks
    rival: Landmarks | None
    votes: int


class Patrol:
    """Compares the person with the most prominent other one."""

    def __init__(self) -> None:
        self._last: _Round | None = None

    def step(
        self, t_s: float, image_bgr: Image, current: Landmarks, detector: Detector, landmarker: Landmarker
    ) -> Landmarks | None:
        """Give the other person, when they have been the better choice for some rounds."""
        last = self._last
        if last is not None and t_s - last.t_s < EVERY_S:
            return None
        place = Place.of(current)
        width_px = image_bgr.shape[1]
        best, mine = None, 0.0
        for one in detector.detect(image_bgr):
            prominence = compute_prominence(one.region, width_px)
            centre = np.array([one.region.x_px, one.region.y_px])
            if np.hypot(*(centre - place.hips_px)) < APART_RADII * place.radius_px:
                mine = max(mine, prominence)
            elif best is None or prominence > compute_prominence(best, width_px):
                best = one.region
        rival = None if best is None else landmarker.locate(image_bgr, best)
        better = best is not None and rival is not None and compute_prominence(best, width_px) > CLEARLY_MORE * mine > 0
        better = better or _is_more_alive(last, current, rival)
        votes = (0 if last is None else last.votes) + 1 if better else 0
        self._last = _Round(t_s, current, rival, votes)
        return rival if votes >= ROUNDS else None


def _is_more_alive(last: _Round | None, current: Landmarks, rival: Landmarks | None) -> bool:
    """Say whether the other one moves while the present one does not at all."""
    if last is None or last.rival is None or rival is None:
        return False
    return compute_travel(last.rival, rival) > ALIVE and compute_travel(last.current, current) < STILL
