"""Finds people in a whole frame; slow, so it is asked only when nobody is being followed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from unslouch.core.pose import FloatArray
from unslouch.estimators.blazepose.geometry import Image, Region, crop_region
from unslouch.estimators.blazepose.network import Network, sigmoid

INPUT_PX = 224
VALUES_PER_ANCHOR = 12
LAYERS = ((8, 2), (16, 2), (32, 6))
"""(stride in px, anchors in a cell); the network's three layers of stride 32 are one here."""
SAME_PERSON_IOU = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person that the detector proposes.

    Attributes
    ----------
    score : confidence in [0, 1].
    region : where to look for the body's keypoints.
    """

    score: float
    region: Region


@cache
def compute_anchors() -> FloatArray:
    """Compute the centres of the detector's anchors, (2254, 2), as fractions of its input; their size is always 1."""
    layers = []
    for stride_px, per_cell in LAYERS:
        n = INPUT_PX // stride_px
        y, x = np.mgrid[0:n, 0:n]
        centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / n
        layers.append(np.repeat(centres, per_cell, axis=0))
    return np.concatenate(layers)


def compute_overlap(low: FloatArray, high: FloatArray, best: int) -> FloatArray:
    """Compute intersection over union of every box with the box `best`."""
    side = np.minimum(high, high[best]) - np.maximum(low, low[best])
    shared = np.where((side > 0).all(axis=1), side.prod(axis=1), 0.0)
    area = (high - low).prod(axis=1)
    overlap: FloatArray = shared / np.maximum(area + area[best] - shared, 1e-12)
    return overlap


class Detector:
    """Proposes people, best first.

    Parameters
    ----------
    path : the detector network.
    threads : processor threads it may use.
    min_score : below it, nobody is there.
    """

    def __init__(self, path: Path, threads: int = 1, min_score: float = 0.5) -> None:
        self._network = Network(path, threads)
        n = len(compute_anchors())
        self._boxes = self._network.find_output(n * VALUES_PER_ANCHOR)
        self._scores = self._network.find_output(n)
        self._min_score = min_score

    def detect(self, image_bgr: Image, within: Region | None = None) -> list[Candidate]:
        """Find everybody in the frame, or in an upright square of it."""
        height_px, width_px = image_bgr.shape[:2]
        square = within or Region.around_frame(width_px, height_px)
        self._network.run(crop_region(image_bgr, square, INPUT_PX, cv2.BORDER_CONSTANT), 2 / 255, -1.0)
        scores = sigmoid(self._network.view_output(self._scores)[0, :, 0].astype(np.float64))
        keep = np.flatnonzero(scores >= self._min_score)
        raw = self._network.view_output(self._boxes)[0, keep].astype(np.float64) / INPUT_PX
        return _group(raw, scores[keep], compute_anchors()[keep], square)


def _group(raw: FloatArray, scores: FloatArray, anchors: FloatArray, square: Region) -> list[Candidate]:
    """Average the boxes that overlap the best one into one person, then the same with what is left."""
    middle, half = raw[:, :2] + anchors, raw[:, 2:4] / 2
    points = raw[:, 4:].reshape(-1, 4, 2) + anchors[:, None]
    corner_px = np.array([square.x_px, square.y_px]) - square.side_px / 2
    candidates = []
    left = np.arange(len(scores))
    while len(left):
        best = int(np.argmax(scores[left]))
        same = compute_overlap((middle - half)[left], (middle + half)[left], best) > SAME_PERSON_IOU
        same[best] = True
        group = left[same]
        weights = scores[group] / scores[group].sum()
        centre, rim = (points[group, :2] * weights[:, None, None]).sum(axis=0) * square.side_px + corner_px
        candidates.append(Candidate(float(scores[left[best]]), Region.from_alignment(centre, rim)))
        left = left[~same]
    return candidates
