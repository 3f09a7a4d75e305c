"""What is read out of the networks' numbers: anchors, groups of boxes, heat."""

from __future__ import annotations

import numpy as np
import pytest

from unslouch.estimators.blazepose.detector import _group, compute_anchors, compute_overlap
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.landmarker import HEAT_CELLS, refine_by_heat
from unslouch.estimators.blazepose.network import sigmoid

COLD, WARM = -20.0, 20.0


def test_anchors_are_the_centres_of_three_grids():
    anchors = compute_anchors()
    assert anchors.shape == (28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6, 2)
    assert anchors[0] == pytest.approx([0.5 / 28, 0.5 / 28])
    assert anchors[2] == pytest.approx([1.5 / 28, 0.5 / 28])
    assert anchors[28 * 28 * 2] == pytest.approx([0.5 / 14, 0.5 / 14])
    assert anchors[-1] == pytest.approx([6.5 / 7, 6.5 / 7])


def test_overlap_is_intersection_over_union():
    low = np.array([[0.0, 0.0], [0.5, 0.0], [2.0, 2.0]])
    assert compute_overlap(low, low + 1, 0) == pytest.approx([1, 0.5 / 1.5, 0])


def make_box(x: float, y: float, size: float, hips: tuple[float, float], rim: tuple[float, float]) -> list[float]:
    return [x, y, size, size, *hips, *rim, 0, 0, 0, 0]


def test_boxes_of_one_person_are_averaged_and_others_stay_apart():
    raw = np.array(
        [
            make_box(0.30, 0.5, 0.2, (0.30, 0.6), (0.30, 0.3)),
            make_box(0.31, 0.5, 0.2, (0.34, 0.6), (0.34, 0.3)),
            make_box(0.80, 0.5, 0.2, (0.80, 0.6), (0.80, 0.5)),
        ]
    )
    scores = np.array([0.9, 0.6, 0.7])
    first, second = _group(raw, scores, np.zeros((3, 2)), Region.around_frame(640, 480))
    assert (first.score, second.score) == (0.9, 0.7)
    assert first.region.x_px == pytest.approx(640 * (0.30 * 0.9 + 0.34 * 0.6) / 1.5)
    assert first.region.y_px == pytest.approx(640 * 0.6 - 80)
    assert first.region.side_px == pytest.approx(2 * 1.25 * 0.3 * 640)
    assert second.region.x_px == pytest.approx(512)
    assert second.region.side_px == pytest.approx(2 * 1.25 * 0.1 * 640)


def test_no_boxes_are_nobody():
    assert _group(np.zeros((0, 12)), np.zeros(0), np.zeros((0, 2)), Region.around_frame(64, 64)) == []


def make_heat(*warm: tuple[int, int]) -> np.ndarray:
    heat = np.full((HEAT_CELLS, HEAT_CELLS, 1), COLD, np.float32)
    for column, row in warm:
        heat[row, column] = WARM
    return heat


def test_a_point_moves_to_the_heat_near_it():
    moved = refine_by_heat(np.array([[30.4, 20.9]]) / HEAT_CELLS, make_heat((32, 18), (33, 18)))
    assert moved * HEAT_CELLS == pytest.approx(np.array([[32.5, 18]]), abs=1e-4)


@pytest.mark.parametrize("warm", [(35, 20), (30, 25)])
def test_heat_outside_the_window_moves_nothing(warm):
    point = np.array([[30.4, 20.4]]) / HEAT_CELLS
    assert refine_by_heat(point, make_heat(warm)).tolist() == point.tolist()


@pytest.mark.parametrize("warm", [(34, 20), (26, 20), (30, 24), (30, 16)])
def test_the_window_is_nine_cells_wide(warm):
    moved = refine_by_heat(np.array([[30.4, 20.4]]) / HEAT_CELLS, make_heat(warm))
    assert moved * HEAT_CELLS == pytest.approx(np.array([warm], float), abs=1e-4)


def test_lukewarm_heat_moves_nothing():
    heat = np.full((HEAT_CELLS, HEAT_CELLS, 1), -0.01, np.float32)
    point = np.array([[0.5, 0.25]])
    assert refine_by_heat(point, heat).tolist() == point.tolist()


@pytest.mark.parametrize("outside", [(-0.5, 0.5), (0.5, 1.01), (3.0, 0.2)])
def test_a_point_outside_the_crop_stays_outside(outside):
    point = np.array([outside])
    heat = np.full((HEAT_CELLS, HEAT_CELLS, 1), WARM, np.float32)
    assert refine_by_heat(point, heat).tolist() == point.tolist()


def test_the_window_ends_at_the_crops_edge():
    heat = np.full((HEAT_CELLS, HEAT_CELLS, 1), WARM, np.float32)
    moved = refine_by_heat(np.array([[0.5, 0.5]]) / HEAT_CELLS, heat)
    assert moved * HEAT_CELLS == pytest.approx(np.array([[2.0, 2.0]]))


def test_the_sigmoid_survives_large_numbers():
    assert sigmoid(np.array([-1e9, 0.0, 1e9])) == pytest.approx([0, 0.5, 1])
