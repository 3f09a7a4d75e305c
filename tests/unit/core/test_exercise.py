"""The small rules of an exercise's data: levels at a camera angle, bounds, limits, sides, views."""

import math

import pytest

from unslouch.core.events import Side
from unslouch.core.exercise import Check, Condition, Limit, RangeLimit, interpolate, view_of_side, within
from unslouch.testing.coach import make_exercise


def level(fallback):
    return RangeLimit(0.85, fallback, "deg", "made up", "judgement")


def test_one_level_holds_from_everywhere():
    assert [level(34.0).at_view(v) for v in (-60, 0, 60)] == [34.0] * 3


@pytest.mark.parametrize(
    ("view_deg", "wanted"), [(-60, 34), (-10, 34), (42, 34), (46, 30), (50, 26), (55, 18), (60, 10), (80, 10)]
)
def test_points_are_joined_by_lines_and_held_beyond_their_ends(view_deg, wanted):
    assert level(((-10, 34), (42, 34), (50, 26), (60, 10))).at_view(view_deg) == pytest.approx(wanted)


def test_points_without_negative_angles_hold_for_both_signs():
    assert interpolate(((0, 80), (40, 68)), -20) == interpolate(((0, 80), (40, 68)), 20) == 74


def test_bounds_are_open_where_nothing_is_said():
    assert Condition("f", above=1).bounds() == (1, math.inf)
    assert Condition("f", below=1).bounds() == (-math.inf, 1)
    assert Condition("f", between=(1, 2)).bounds() == (1, 2)


@pytest.mark.parametrize(
    ("name", "upwards", "relative"),
    [
        ("above", True, False),
        ("below", False, False),
        ("rises_above_reference_by", True, True),
        ("falls_below_reference_by", False, True),
    ],
)
def test_a_check_knows_its_limit_and_its_direction(name, upwards, relative):
    limit = Limit(3.0, "deg", "made up", "judgement")
    check = Check("shrug", "Say.", feature="f", **{name: limit})
    assert (check.limit, check.upwards, check.relative) == (limit, upwards, relative)


def test_a_check_without_a_limit_says_so():
    with pytest.raises(ValueError, match="shrug has no limit"):
        _ = Check("shrug", "Say.", feature="f").limit


def test_views_are_towards_the_working_side():
    assert [view_of_side(20, side) for side in (Side.LEFT, Side.RIGHT, Side.BOTH)] == [20, -20, 20]


def test_within_takes_edges_and_tolerance_and_never_the_unknown():
    ranges = ((-95.0, -40.0), (40.0, 95.0))
    assert within(40, ranges)
    assert within(-95, ranges)
    assert not within(0, ranges)
    assert not within(34, ranges, 5)
    assert within(36, ranges, 5)
    assert not within(math.nan, ranges, 5)


def test_the_sides_that_are_counted_apart():
    assert make_exercise(one_sided=True).working_sides() == (Side.LEFT, Side.RIGHT)
    assert make_exercise(one_sided=False).working_sides() == (Side.BOTH,)
