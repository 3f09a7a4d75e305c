"""Places the keypoints of the one person in a region."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from unslouch.core.pose import N_KEYPOINTS, FloatArray
from unslouch.estimators.blazepose.geometry import Image, Region, crop_region
from unslouch.estimators.blazepose.network import Network, sigmoid

INPUT_PX = 256
HEAT_CELLS = 64
RAW_POINTS = 39
"""33 of the body, two for alignment, four that are not used."""
USED_POINTS = 35
HEAT_WINDOW = 9
HEAT_MIN_CONFIDENCE = 0.5

_OFFSETS = np.arange(HEAT_WINDOW) - HEAT_WINDOW // 2


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What the network says of the person in a region.

    Attributes
    ----------
    keypoints_px : (33, 2) float, px, frame; every point is guessed, seen or not.
    alignment_px : (2, 2) float, px, frame: middle of the hips, and a point above it on the body's circle.
    visibility : (33,) float in [0, 1]: in the frame and not hidden.
    presence : (33,) float in [0, 1]: in the frame, hidden or not.
    world_m : (33, 3) float, m, hip-centred.
    score : confidence in [0, 1] that a person is there.
    """

    keypoints_px: FloatArray
    alignment_px: FloatArray
    visibility: FloatArray
    presence: FloatArray
    world_m: FloatArray
    score: float


def refine_by_heat(points: FloatArray, heat: NDArray[np.float32]) -> FloatArray:
    """Move each point to the middle of the heat round it.

    Parameters
    ----------
    points : (n, 2) float, fractions of the crop.
    heat : (64, 64, >= n) float, before the sigmoid; one plane for each point.

    Returns
    -------
    (n, 2) float: the weighted mean of the 9 x 9 cells round each point where the warmest of them reaches 0.5; the
    point itself where none does, or where it lies outside the crop.
    """
    n, planes = len(points), heat.shape[2]
    cell = np.trunc(points * HEAT_CELLS).astype(np.int64)
    inside = ((cell >= 0) & (cell < HEAT_CELLS)).all(axis=1)
    columns, rows = cell[:, :1] + _OFFSETS, cell[:, 1:] + _OFFSETS
    valid = ((rows >= 0) & (rows < HEAT_CELLS))[:, :, None] & ((columns >= 0) & (columns < HEAT_CELLS))[:, None, :]
    columns, rows = columns.clip(0, HEAT_CELLS - 1), rows.clip(0, HEAT_CELLS - 1)
    # One flat index is twice as fast as three.
    flat = (rows * HEAT_CELLS * planes)[:, :, None] + (columns * planes + np.arange(n)[:, None])[:, None, :]
    weight = sigmoid(heat.reshape(-1)[flat])
    weight *= valid
    by_column, by_row = weight.sum(axis=1, dtype=np.float64), weight.sum(axis=2, dtype=np.float64)
    total = by_column.sum(axis=1)
    moved = np.stack([(by_column * columns).sum(axis=1), (by_row * rows).sum(axis=1)], axis=-1)
    moved /= (np.where(total > 0, total, 1.0) * HEAT_CELLS)[:, None]
    use = inside & (weight.max(axis=(1, 2)) >= HEAT_MIN_CONFIDENCE)
    return np.where(use[:, None], moved, points)


class Landmarker:
    """Region to keypoints.

    Parameters
    ----------
    path : the landmark network, without its mask head or with it.
    threads : processor threads it may use.
    min_score : below it, nobody is in the region.
    """

    def __init__(self, path: Path, threads: int = 1, min_score: float = 0.5) -> None:
        self._network = Network(path, threads)
        self._points = self._network.find_output(RAW_POINTS * 5)
        self._flag = self._network.find_output(1)
        self._heat = self._network.find_output(HEAT_CELLS * HEAT_CELLS * RAW_POINTS)
        self._world = self._network.find_output(RAW_POINTS * 3)
        self._min_score = min_score

    def locate(self, image_bgr: Image, region: Region) -> Landmarks | None:
        """Place the keypoints of the person in a region; None when nobody is there."""
        self._network.run(crop_region(image_bgr, region, INPUT_PX, cv2.BORDER_REPLICATE), 1 / 255)
        score = float(self._network.view_output(self._flag).ravel()[0])
        if not score > self._min_score:
            return None
        raw = self._network.view_output(self._points).reshape(RAW_POINTS, 5)[:USED_POINTS].astype(np.float64)
        points = refine_by_heat(raw[:, :2] / INPUT_PX, self._network.view_output(self._heat)[0])
        to_frame = region.compute_crop_to_frame(1.0)
        points_px = points @ to_frame[:, :2].T + to_frame[:, 2]
        return Landmarks(
            keypoints_px=points_px[:N_KEYPOINTS],
            alignment_px=points_px[N_KEYPOINTS:],
            visibility=sigmoid(raw[:N_KEYPOINTS, 3]),
            presence=sigmoid(raw[:N_KEYPOINTS, 4]),
            world_m=self._read_world(region.angle_rad),
            score=score,
        )

    def _read_world(self, angle_rad: float) -> FloatArray:
        """Turn the network's metric points from the region's upright to the frame's."""
        world = self._network.view_output(self._world).reshape(RAW_POINTS, 3)[:N_KEYPOINTS].astype(np.float64)
        cos, sin = math.cos(angle_rad), math.sin(angle_rad)
        world[:, :2] = world[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return world
