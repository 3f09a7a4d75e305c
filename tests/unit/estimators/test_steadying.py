"""The filter of the region, which points are believed, and where to look."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from painted_people import HEIGHT_PX, WIDTH_PX, Person, see

from unslouch.core.pose import Keypoint
from unslouch.estimators.blazepose.search import Search, lay_closer_looks
from unslouch.estimators.blazepose.smoothing import AlignmentFilter
from unslouch.estimators.blazepose.subject import Place
from unslouch.estimators.blazepose.trust import mask_unseen

STILL = np.array([[100.0, 100.0], [100.0, 0.0]])
RED = (40, 40, 200)
SIZE = (WIDTH_PX, HEIGHT_PX)


def test_still_points_stay_and_trembling_ones_are_held():
    steady = AlignmentFilter()
    chance = np.random.default_rng(3)
    shaken = [STILL + chance.normal(0, 1.0, (2, 2)) for _ in range(90)]
    out = np.array([steady.step(i / 30, points) for i, points in enumerate(shaken)])
    assert out[30:].std(axis=0).max() < 0.5 * np.array(shaken)[30:].std(axis=0).min()
    assert out[-1] == pytest.approx(STILL, abs=2.5)


def test_fast_points_are_followed():
    steady = AlignmentFilter()
    for i in range(30):
        moved = STILL + np.array([10.0 * i, 0])
        out = steady.step(i / 30, moved)
    assert abs(out - moved).max() < 30


def test_times_decide_not_counts():
    slow, quick = AlignmentFilter(), AlignmentFilter()
    moved = STILL + np.array([20.0, 0])
    for steady, dt_s in ((slow, 0.5), (quick, 1 / 60)):
        steady.step(0.0, STILL)
        steady.step(dt_s, moved)
    one = slow.step(0.5, moved)
    other = quick.step(1 / 60, moved)
    assert one[0, 0] > other[0, 0] + 1


def test_a_time_that_stands_still_changes_nothing():
    steady = AlignmentFilter()
    first = steady.step(1.0, STILL)
    assert steady.step(1.0, STILL + 50).tolist() == first.tolist()


def test_after_a_reset_the_next_points_count_fully():
    steady = AlignmentFilter()
    steady.step(0.0, STILL)
    steady.reset()
    assert steady.step(0.1, STILL + 500).tolist() == (STILL + 500).tolist()


def believed(found) -> np.ndarray:
    return np.isfinite(mask_unseen(found, SIZE)[:, 0])


def test_what_is_seen_is_believed_as_it_is():
    found = see(Person(160, RED))
    assert mask_unseen(found, SIZE).tolist() == found.keypoints_px.tolist()


@pytest.mark.parametrize(("visibility", "kept"), [(0.02, False), (0.09, False), (0.14, True), (0.4, True)])
def test_a_partly_hidden_elbow_stays_and_a_hidden_one_goes(visibility, kept):
    found = see(Person(160, RED))
    found.visibility[Keypoint.LEFT_ELBOW] = visibility
    assert believed(found)[Keypoint.LEFT_ELBOW] == kept
    assert believed(found).sum() == 33 - (not kept)


@pytest.mark.parametrize(("presence", "kept"), [(0.3, False), (0.6, True)])
def test_hips_that_the_network_puts_below_the_picture_go(presence, kept):
    found = see(Person(160, RED))
    found.presence[Keypoint.LEFT_HIP] = presence
    assert believed(found)[Keypoint.LEFT_HIP] == kept


@pytest.mark.parametrize(("outside_px", "kept"), [(1.0, True), (6.0, False)])
def test_points_well_outside_the_frame_go(outside_px, kept):
    found = see(Person(160, RED))
    points = found.keypoints_px.copy()
    points[Keypoint.RIGHT_WRIST] = (160, -outside_px)
    points[Keypoint.LEFT_WRIST] = (WIDTH_PX + outside_px, 100)
    seen = believed(replace(found, keypoints_px=points))
    assert seen[Keypoint.RIGHT_WRIST] == kept
    assert seen[Keypoint.LEFT_WRIST] == kept


@pytest.mark.parametrize("size_px", [(1280, 720), (720, 1280), (640, 480), (480, 480)])
def test_closer_looks_cover_the_frame_and_stay_inside(size_px):
    looks = lay_closer_looks(*size_px)
    along = 0 if size_px[0] >= size_px[1] else 1
    spans = sorted(
        ((one.x_px, one.y_px)[along] - one.side_px / 2, (one.x_px, one.y_px)[along] + one.side_px / 2) for one in looks
    )
    assert spans[0][0] == pytest.approx(0)
    assert spans[-1][1] == pytest.approx(size_px[along])
    assert all(end >= start for (_, end), (start, _) in pairwise(spans))


def test_the_search_takes_turns_and_begins_with_the_whole():
    search = Search()
    chosen = [search.choose(1280, 720, None) for _ in range(6)]
    assert chosen[0::2] == [None, None, None]
    assert {one.x_px for one in chosen[1::2]} == {one.x_px for one in lay_closer_looks(1280, 720)}
    search.reset()
    assert search.choose(1280, 720, None) is None


def test_somebody_who_was_lost_is_looked_for_where_they_were():
    search = Search()
    place = Place(np.array([300.0, 200.0]), 50.0)
    search.choose(1280, 720, place)
    closer = search.choose(1280, 720, place)
    assert (closer.x_px, closer.y_px, closer.side_px) == (300, 200, 200)
