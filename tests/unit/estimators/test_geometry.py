"""The region and the way between its pixels and the frame's."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unslouch.estimators.blazepose.geometry import REGION_OVER_BODY, Region, crop_region

UPRIGHT = Region(100.0, 60.0, 80.0, 0.0)


def to_frame(region: Region, crop_px: float, x: float, y: float) -> np.ndarray:
    matrix = region.compute_crop_to_frame(crop_px)
    return matrix[:, :2] @ [x, y] + matrix[:, 2]


def test_the_crops_corners_are_the_regions():
    assert to_frame(UPRIGHT, 256, 0, 0) == pytest.approx([60, 20])
    assert to_frame(UPRIGHT, 256, 256, 256) == pytest.approx([140, 100])
    assert to_frame(UPRIGHT, 256, 128, 128) == pytest.approx([100, 60])


def test_a_region_turned_right_has_its_upright_towards_the_right():
    turned = Region(100.0, 60.0, 80.0, math.pi / 2)
    assert to_frame(turned, 256, 128, 0) == pytest.approx([140, 60])


@given(
    x=st.floats(-500, 2000),
    y=st.floats(-500, 2000),
    radius=st.floats(5, 800),
    angle=st.floats(-3.1, 3.1),
)
def test_the_rim_point_lies_straight_above_the_centre_of_the_crop(x, y, radius, angle):
    centre = np.array([x, y])
    rim = centre + radius * np.array([math.sin(angle), -math.cos(angle)])
    region = Region.from_alignment(centre, rim)
    assert region.side_px == pytest.approx(2 * radius * REGION_OVER_BODY)
    assert region.angle_rad == pytest.approx(angle, abs=1e-6)
    above = 0.5 - 0.5 / REGION_OVER_BODY
    assert to_frame(region, 1.0, 0.5, above) == pytest.approx(rim, abs=1e-6 * (1 + abs(x) + abs(y) + radius))


def test_the_square_round_a_frame_keeps_its_middle():
    square = Region.around_frame(640, 480)
    assert (square.x_px, square.y_px, square.side_px, square.angle_rad) == (320, 240, 640, 0)


def test_cropping_keeps_left_left_and_turns_bgr_into_rgb():
    image = np.zeros((120, 200, 3), np.uint8)
    image[:, :100] = (255, 0, 0)
    crop = crop_region(image, UPRIGHT, 64, cv2.BORDER_REPLICATE)
    assert crop[32, 8].tolist() == [0, 0, 255]
    assert crop[32, 56].tolist() == [0, 0, 0]


def test_cropping_a_turned_region_sets_it_upright():
    image = np.zeros((120, 200, 3), np.uint8)
    image[:, 120:] = 200
    crop = crop_region(image, Region(100.0, 60.0, 80.0, math.pi / 2), 64, cv2.BORDER_REPLICATE)
    assert crop[4, 32].tolist() == [200, 200, 200]
    assert crop[60, 32].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("border", "outside"), [(cv2.BORDER_CONSTANT, 0), (cv2.BORDER_REPLICATE, 77)])
def test_what_lies_outside_the_frame_follows_the_border_mode(border, outside):
    image = np.full((50, 50, 3), 77, np.uint8)
    crop = crop_region(image, Region(0.0, 25.0, 100.0, 0.0), 64, border)
    assert crop[32, 5].tolist() == [outside] * 3
    assert crop[32, 50].tolist() == [77] * 3
