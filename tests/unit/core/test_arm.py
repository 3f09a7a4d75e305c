"""One arm: when it is ready, which movements are the exercise, and two arms as one repetition."""

import math
from dataclasses import replace

import pytest

from unslouch.catalogue import parse_exercise
from unslouch.core.arm import Arm, Movement
from unslouch.core.body import BodyState, measure
from unslouch.core.events import CheckResult, Fault, Phase, Side, Verdict
from unslouch.core.form import OwnReference
from unslouch.core.reps import Span
from unslouch.testing.coach import make_rep
from unslouch.testing.example import CURL
from unslouch.testing.performing import perform, see
from unslouch.testing.routine import RepPlan, Routine

EXERCISE = parse_exercise(CURL, "curl.toml")
QUICK = RepPlan(1.0, 0.3, 1.2, 0.4)


def watch(poses, exercise=EXERCISE, side=Side.LEFT, personal=None):
    """Return the arm and its movements."""
    arm, state, found = Arm(exercise, side, OwnReference(), personal), BodyState(), []
    for pose in poses:
        movement = arm.step(pose.t_s, measure(state, pose) if pose.somebody else None)
        found += [movement] if movement else []
    return arm, found


def with_condition(table, condition):
    """Return the example with one more condition."""
    if table == "start":
        text = CURL.replace("below = -0.2 }]", f"below = -0.2 }}, {condition}]")
    else:
        text = CURL.replace("range_views =", f"{table} = [{condition}]\nrange_views =")
    assert text != CURL
    return parse_exercise(text, "curl.toml")


def test_the_other_arm_does_not_move():
    poses = perform(EXERCISE, [QUICK] * 2, side=Side.LEFT, fps=15)[1]
    assert len(watch(poses, side=Side.LEFT)[1]) == 2
    assert watch(poses, side=Side.RIGHT)[1] == []


def test_an_arm_is_ready_when_the_start_was_held():
    poses = perform(EXERCISE, [QUICK], fps=15)[1]
    arm, _ = watch(poses[:3])
    assert not arm.ready
    arm, _ = watch(poses[:12])
    assert arm.ready


def test_who_leaves_the_start_for_long_must_hold_it_again():
    top = replace(QUICK, hold_s=4.0)
    routine = Routine(EXERCISE.motion, Side.LEFT).stand(0.6).reps([top]).stand(1.0)
    poses = see(routine, None, EXERCISE, fps=15)
    at_top = [p for p in poses if 1.6 < p.t_s < 4.8]
    arm, _ = watch([replace(p, t_s=p.t_s - 1.6) for p in at_top])
    assert not arm.ready
    # Ready, then seen only away from the start.
    early = [p for p in poses if p.t_s < 0.6]
    arm, _ = watch(early + [replace(p, t_s=p.t_s + 5.0) for p in at_top])
    assert not arm.ready


@pytest.mark.parametrize(
    ("table", "condition", "counted"),
    [
        ("at_top", '{ feature = "wrist_above_elbow_torsos", above = 0.1 }', 2),
        ("at_top", '{ feature = "wrist_above_elbow_torsos", below = 0.1 }', 0),
        ("at_top", '{ feature = "wrist_above_elbow_torsos", below = 0.1, arm = "other" }', 2),
        ("at_top", '{ feature = "wrist_above_elbow_torsos", above = 0.1, arm = "other" }', 0),
        ("throughout", '{ feature = "upper_arm_from_trunk_deg", below = 40 }', 2),
        ("throughout", '{ feature = "wrist_above_elbow_torsos", below = 0.1 }', 0),
        ("start", '{ feature = "upper_arm_from_trunk_deg", below = 40 }', 2),
        ("start", '{ feature = "upper_arm_from_trunk_deg", above = 40 }', 0),
    ],
)
def test_only_what_keeps_to_the_conditions_is_the_exercise(table, condition, counted):
    exercise = with_condition(table, condition)
    poses = perform(exercise, [QUICK] * 2, fps=15)[1]
    assert len(watch(poses, exercise)[1]) == counted


def test_too_quick_is_no_repetition():
    jerk = RepPlan(0.25, 0.05, 0.3, 0.6)
    assert watch(perform(EXERCISE, [jerk] * 3, fps=30)[1])[1] == []


def test_the_range_is_told_where_the_view_shows_it():
    text = CURL.replace("range_views = [[-40, 40]]", "range_views = [[-40, 10]]")
    exercise = parse_exercise(text, "curl.toml")
    for view_deg, told in ((0, True), (30, False)):
        (movement,) = watch(perform(exercise, [QUICK], view_deg=view_deg, fps=15)[1], exercise)[1]
        assert (movement.rep.range.of_reference is not None) is told
        assert movement.rep.range.unit == "torso"


def test_status_without_a_body_is_unknown():
    arm, _ = watch([])
    assert (arm.status().phase, arm.status().range_fraction) == (Phase.REST, None)
    assert math.isnan(arm.began_s)


# --- two arms ---------------------------------------------------------------------------------------------------------

SPAN = Span(1.0, 2.0, 2.5, 4.0, 0.0, 1.0, 0.0, 0.0, False)
FAULT = Fault("shrug", 1.0, 0.5, "1", 1.0)


def movement(side, verdict=Verdict.GOOD, *, off_view_deg=0.0, refused=False, result=CheckResult.OK, faults=()):
    rep = replace(make_rep(0, side=side, verdict=verdict), checks={"shrug": result}, faults=faults)
    return Movement(side, SPAN, replace(rep, view_deg=off_view_deg), refused, off_view_deg)


GOOD_LEFT = movement(Side.LEFT, off_view_deg=10.0)


def test_the_arm_that_is_seen_better_tells_the_repetition():
    right = movement(Side.RIGHT, off_view_deg=30.0)
    for joined in (GOOD_LEFT.joined(right), right.joined(GOOD_LEFT)):
        assert joined.rep.side is Side.BOTH
        assert joined.rep.view_deg == 10.0


def test_a_fault_of_the_other_arm_makes_an_attempt():
    right = movement(Side.RIGHT, Verdict.ATTEMPT, off_view_deg=30.0, result=CheckResult.FAULT, faults=(FAULT,))
    joined = GOOD_LEFT.joined(right).rep
    assert (joined.verdict, joined.faults, joined.checks) == (Verdict.ATTEMPT, (FAULT,), {"shrug": CheckResult.FAULT})


def test_the_same_fault_of_both_arms_is_one():
    left = movement(Side.LEFT, Verdict.ATTEMPT, result=CheckResult.FAULT, faults=(FAULT,))
    right = movement(Side.RIGHT, Verdict.ATTEMPT, off_view_deg=5.0, result=CheckResult.FAULT, faults=(FAULT,))
    assert left.joined(right).rep.faults == (FAULT,)


def test_what_one_arm_shows_is_known():
    right = movement(Side.RIGHT, off_view_deg=5.0)
    left = movement(Side.LEFT, result=CheckResult.NOT_SEEN)
    assert left.joined(right).rep.checks == {"shrug": CheckResult.OK}


def test_an_arm_that_this_view_cannot_count_does_not_spoil_the_other():
    joined = GOOD_LEFT.joined(movement(Side.RIGHT, Verdict.NOT_SEEN, refused=True, off_view_deg=0.0))
    assert (joined.rep.verdict, joined.rep.side, joined.refused) == (Verdict.GOOD, Side.BOTH, False)
    both_refused = replace(GOOD_LEFT, refused=True).joined(movement(Side.RIGHT, refused=True))
    assert both_refused.refused


def test_an_arm_that_was_lost_leaves_the_word_to_the_other():
    lost = movement(Side.RIGHT, Verdict.NOT_SEEN, off_view_deg=0.0, result=CheckResult.NOT_SEEN)
    wrong = movement(Side.LEFT, Verdict.ATTEMPT, off_view_deg=30.0, result=CheckResult.FAULT, faults=(FAULT,))
    for joined in (lost.joined(wrong).rep, wrong.joined(lost).rep):
        assert (joined.verdict, joined.faults, joined.checks) == (
            Verdict.ATTEMPT,
            (FAULT,),
            {"shrug": CheckResult.FAULT},
        )
    assert lost.joined(replace(lost, side=Side.LEFT)).rep.verdict is Verdict.NOT_SEEN
