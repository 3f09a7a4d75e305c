"""One repetition, judged: every kind of comparison, what is not seen, and the verdict they give."""

import math
from dataclasses import replace

import numpy as np
import pytest

from unslouch.core.events import CheckResult, Phase, Side, Verdict
from unslouch.core.exercise import Check, Limit, RangeLimit
from unslouch.core.form import Evidence, OwnReference, check_rep, judge, reference_share, sustained
from unslouch.core.reps import Levels, Span
from unslouch.testing.coach import make_exercise

SPAN = Span(1.0, 2.0, 2.5, 4.5, base=0.0, top=100.0, low=0.0, lost_fraction=0.0, lost_top=False)
LEVELS = Levels(full=85.0, count_from=40.0)
FEATURE = "upper_arm_from_trunk_deg"


def limit(value, unit="deg"):
    return Limit(value, unit, "made up for this test", "judgement")


def exercise_with(*checks, range_views=((-60.0, 60.0),), one_sided=True):
    base = make_exercise(one_sided=one_sided)
    full = RangeLimit(0.85, 85.0, "deg", "made up", "judgement")
    return replace(base, check=checks, signal=replace(base.signal, full=full, range_views=range_views))


def evidence(series=(), *, fault="elbow-drift", span=SPAN, view_deg=0.0, set_base=0.0, side=Side.LEFT):
    return Evidence(side, span, LEVELS, view_deg, {fault: series}, set_base)


def over_time(value_at, fps=30.0, start_s=0.0, end_s=6.0):
    return [(float(t), float(value_at(t))) for t in np.arange(start_s, end_s, 1 / fps)]


def apply(check, proof, own=None, **how):
    return check_rep(exercise_with(check, **how), check, proof, own or OwnReference())


def drift(**more):
    return Check("elbow-drift", "Elbow in.", feature=FEATURE, **more)


def bump(size, start_s, end_s, rest=10.0):
    return over_time(lambda t: rest + (size if start_s <= t < end_s else 0.0))


# --- sustained --------------------------------------------------------------------------------------------------------


def test_what_does_not_last_does_not_count():
    series = [(0.0, 1.0), (0.1, 9.0), (0.2, 1.0), (0.3, 5.0), (0.4, 5.5), (0.5, 5.0), (0.6, 1.0)]
    assert sustained(series, 0.2, upwards=True) == (0.3, 5.0)
    assert sustained(series, 0.0, upwards=True) == (0.1, 9.0)


def test_downwards_is_the_mirror_image():
    up = [(i / 10, float(v)) for i, v in enumerate([3, 7, 6, 8, 2, 9, 9])]
    down = [(t, -v) for t, v in up]
    for lasting_s in (0.0, 0.15, 0.3):
        t_s, value = sustained(up, lasting_s, upwards=True)
        assert sustained(down, lasting_s, upwards=False) == (t_s, -value)


def test_a_series_shorter_than_the_window_is_the_window():
    assert sustained([(0.0, 4.0), (0.1, 6.0)], 5.0, upwards=True) == (0.0, 4.0)
    assert sustained([(0.0, 4.0)], 5.0, upwards=False) == (0.0, 4.0)


# --- features ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "result"), [(16, CheckResult.FAULT), (14, CheckResult.OK)])
def test_a_rise_over_the_start_is_found_above_its_limit(size, result):
    finding = apply(drift(rises_above_reference_by=limit(15)), evidence(bump(size, 1.6, 2.4)))
    assert finding.result is result
    if result is CheckResult.FAULT:
        assert (finding.fault.id, finding.fault.value, finding.fault.limit) == ("elbow-drift", size, 15)
        assert finding.fault.unit == "deg"
        assert finding.fault.at_s == pytest.approx(1.6, abs=0.05)


@pytest.mark.parametrize(("size", "result"), [(-16, CheckResult.FAULT), (-14, CheckResult.OK), (30, CheckResult.OK)])
def test_a_fall_below_the_start(size, result):
    finding = apply(drift(falls_below_reference_by=limit(15)), evidence(bump(size, 1.6, 2.4)))
    assert finding.result is result
    if finding.fault:
        assert (finding.fault.value, finding.fault.limit) == (size, -15)


@pytest.mark.parametrize(("size", "result"), [(0.04, CheckResult.FAULT), (0.06, CheckResult.OK)])
def test_a_negative_fall_asks_for_a_rise(size, result):
    finding = apply(drift(falls_below_reference_by=limit(-0.05), during=(Phase.HOLD,)), evidence(bump(size, 1.5, 3.0)))
    assert finding.result is result


@pytest.mark.parametrize(
    ("how", "rest", "result"),
    [
        ({"above": limit(40)}, 41, CheckResult.FAULT),
        ({"above": limit(40)}, 39, CheckResult.OK),
        ({"below": limit(40)}, 39, CheckResult.FAULT),
        ({"below": limit(40)}, 41, CheckResult.OK),
    ],
)
def test_an_absolute_limit_needs_no_reference(how, rest, result):
    assert apply(drift(**how), evidence(over_time(lambda _: rest))).result is result


@pytest.mark.parametrize(
    ("during", "at", "found"),
    [
        ((Phase.HOLD,), (2.05, 2.45), True),
        ((Phase.HOLD,), (1.2, 1.8), False),
        ((Phase.CONCENTRIC,), (1.3, 1.8), True),
        ((Phase.ECCENTRIC,), (3.0, 3.5), True),
        ((Phase.CONCENTRIC, Phase.HOLD), (3.0, 3.5), False),
        ((Phase.HOLD,), (5.0, 5.9), False),
    ],
)
def test_only_the_phases_it_names_are_looked_at(during, at, found):
    finding = apply(drift(above=limit(30), during=during), evidence(bump(50, *at)))
    assert (finding.result is CheckResult.FAULT) is found


def test_what_lasts_too_short_is_no_fault():
    check = drift(above=limit(30), lasting_s=0.4)
    assert apply(check, evidence(bump(50, 1.5, 1.8))).result is CheckResult.OK
    assert apply(check, evidence(bump(50, 1.5, 2.0))).result is CheckResult.FAULT


def test_outside_its_views_a_check_says_nothing():
    check = drift(above=limit(30), views=((-10.0, 50.0),))
    wrong = bump(50, 1.0, 4.0)
    assert apply(check, evidence(wrong, view_deg=45)).result is CheckResult.FAULT
    assert apply(check, evidence(wrong, view_deg=-30)).result is CheckResult.NOT_SEEN
    # For the right arm, + is towards the right: the camera at -30 stands on the working side.
    assert apply(check, evidence(wrong, view_deg=-30, side=Side.RIGHT)).result is CheckResult.FAULT
    assert apply(check, evidence(wrong, view_deg=math.nan)).result is CheckResult.NOT_SEEN


def test_half_of_the_phase_must_be_seen():
    def partly(share):
        series = bump(50, 1.0, 4.5)
        return [(t, v if (i % 10) < 10 * share else math.nan) for i, (t, v) in enumerate(series)]

    check = drift(above=limit(30))
    assert apply(check, evidence(partly(0.6))).result is CheckResult.FAULT
    assert apply(check, evidence(partly(0.3))).result is CheckResult.NOT_SEEN
    assert apply(check, evidence(over_time(lambda _: math.nan))).result is CheckResult.NOT_SEEN


def test_without_a_start_that_was_seen_there_is_nothing_to_compare_with():
    late = [(t, v if t > 1.3 else math.nan) for t, v in bump(50, 1.6, 2.4)]
    assert apply(drift(rises_above_reference_by=limit(15)), evidence(late)).result is CheckResult.NOT_SEEN


def test_a_short_repetition_is_not_judged_at_a_top_it_did_not_reach():
    short = replace(SPAN, top=60.0)
    check = drift(above=limit(30), full_range_only=True)
    wrong = bump(50, 1.0, 4.0)
    assert apply(check, evidence(wrong)).result is CheckResult.FAULT
    assert apply(check, evidence(wrong, span=short)).result is CheckResult.NOT_SEEN


# --- compared with the person's own -----------------------------------------------------------------------------------


def same_phase(value=15.0):
    return drift(rises_above_reference_by=limit(value), reference="same phase", during=(Phase.HOLD,))


def test_at_the_same_phase_the_first_one_is_not_judged_and_the_next_is():
    check, own = same_phase(), OwnReference()
    exercise = exercise_with(check)
    first = judge(exercise, evidence(over_time(lambda _: 20)), own)
    second = judge(exercise, evidence(over_time(lambda _: 36)), own)
    assert (first[0], first[1]) == (Verdict.GOOD, {"elbow-drift": CheckResult.NOT_SEEN})
    assert (second[0], second[1]) == (Verdict.ATTEMPT, {"elbow-drift": CheckResult.FAULT})
    assert second[2][0].value == pytest.approx(16)


def test_a_faulty_repetition_does_not_become_the_reference():
    check, own = same_phase(), OwnReference()
    exercise = exercise_with(check)
    values = [20, 50, 50, 50, 21]
    verdicts = [judge(exercise, evidence(over_time(lambda _, v=v: v)), own)[0] for v in values]
    assert verdicts == [Verdict.GOOD, Verdict.ATTEMPT, Verdict.ATTEMPT, Verdict.ATTEMPT, Verdict.GOOD]


def test_the_reference_is_the_median_of_the_good_ones():
    check, own = same_phase(), OwnReference()
    for value in (10.0, 12.0, 100.0):
        own.remember(Side.LEFT, {"elbow-drift": value})
    assert own.rise(check, Side.LEFT, 20.0) == 8.0


def test_each_arm_is_compared_with_itself():
    own = OwnReference()
    own.remember(Side.LEFT, {"elbow-drift": 10.0})
    assert math.isnan(own.rise(same_phase(), Side.RIGHT, 20.0))


# --- the whole repetition ---------------------------------------------------------------------------------------------


def whole(compare, fault="fast-release", **more):
    return Check(fault, "Say.", compare=compare, **more)


@pytest.mark.parametrize(
    ("release_s", "result"), [(0.7, CheckResult.FAULT), (0.85, CheckResult.OK), (2.0, CheckResult.OK)]
)
def test_a_release_is_compared_with_the_pull(release_s, result):
    span = replace(SPAN, end_s=SPAN.hold_end_s + release_s)
    finding = apply(whole("eccentric_over_concentric", below=limit(0.8, "1")), evidence(span=span))
    assert finding.result is result
    if finding.fault:
        assert finding.fault.value == pytest.approx(release_s)
        assert finding.fault.at_s == SPAN.hold_end_s


@pytest.mark.parametrize(
    ("low", "result"), [(-30.0, CheckResult.FAULT), (-10.0, CheckResult.OK), (5.0, CheckResult.OK)]
)
def test_a_release_beyond_the_start_is_slack(low, result):
    check = whole("undershoot", "slack", above=limit(0.22, "1"))
    finding = apply(check, evidence(span=replace(SPAN, low=low)))
    assert finding.result is result
    assert finding.value == pytest.approx(-low / 85)


def test_slack_is_measured_from_where_the_band_was_tight():
    # This pull began from a slack band: its own start is no measure.
    check = whole("undershoot", "slack", above=limit(0.22, "1"))
    span = replace(SPAN, base=-30.0, low=-30.0)
    assert apply(check, evidence(span=span, set_base=0.0)).result is CheckResult.FAULT
    assert apply(check, evidence(span=span, set_base=-30.0)).result is CheckResult.OK


@pytest.mark.parametrize(("top", "result"), [(84.0, CheckResult.FAULT), (86.0, CheckResult.OK)])
def test_the_range_is_compared_with_the_full_level(top, result):
    check = whole("range", "partial-range", below=limit(1.0, "1"))
    finding = apply(check, evidence(span=replace(SPAN, top=top)))
    assert finding.result is result
    if finding.fault:
        assert finding.fault.value == pytest.approx(0.84, abs=0.001)
        assert finding.fault.limit == 0.85


def test_outside_the_range_views_only_what_is_short_is_told():
    check = whole("range", "partial-range", below=limit(1.0, "1"))
    views = ((20.0, 60.0),)
    assert apply(check, evidence(view_deg=0), range_views=views).result is CheckResult.NOT_SEEN
    short = replace(SPAN, top=50.0)
    assert apply(check, evidence(span=short, view_deg=0), range_views=views).result is CheckResult.FAULT


def test_the_share_of_the_range_is_one_at_the_persons_full():
    exercise = exercise_with()
    assert reference_share(exercise, replace(SPAN, top=85.0), LEVELS) == pytest.approx(0.85)
    assert reference_share(exercise, replace(SPAN, top=100.0), LEVELS) == pytest.approx(1.0)
    assert reference_share(exercise, replace(SPAN, base=25.0, top=85.0), LEVELS) == pytest.approx(0.85)


# --- the verdict ------------------------------------------------------------------------------------------------------

FIRST = drift(above=limit(30), priority=1)
SECOND = Check("shrug", "Low.", feature="ear_above_shoulder_torsos", below=limit(0.3, "torso"), priority=2)
GENTLE = replace(FIRST, severity="should")


def two(series_first, series_second, **more):
    return replace(evidence(series_first, **more), series={"elbow-drift": series_first, "shrug": series_second})


def test_all_right_is_good():
    verdict, checks, faults = judge(exercise_with(FIRST), evidence(over_time(lambda _: 10)), OwnReference())
    assert (verdict, checks, faults) == (Verdict.GOOD, {"elbow-drift": CheckResult.OK}, ())


def test_faults_come_in_the_order_of_their_priority():
    proof = two(over_time(lambda _: 50), over_time(lambda _: 0.1))
    for order in ((FIRST, SECOND), (SECOND, FIRST)):
        verdict, _, faults = judge(exercise_with(*order), proof, OwnReference())
        assert verdict is Verdict.ATTEMPT
        assert [fault.id for fault in faults] == ["elbow-drift", "shrug"]


def test_what_only_should_be_right_leaves_it_good():
    verdict, checks, faults = judge(exercise_with(GENTLE), evidence(over_time(lambda _: 50)), OwnReference())
    assert (verdict, checks["elbow-drift"]) == (Verdict.GOOD, CheckResult.FAULT)
    assert [fault.id for fault in faults] == ["elbow-drift"]


def test_a_check_that_is_not_seen_does_not_block_good():
    verdict, checks, _ = judge(exercise_with(FIRST), evidence(over_time(lambda _: math.nan)), OwnReference())
    assert (verdict, checks["elbow-drift"]) == (Verdict.GOOD, CheckResult.NOT_SEEN)


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        ({"lost_fraction": 0.29}, Verdict.ATTEMPT),
        ({"lost_fraction": 0.31}, Verdict.NOT_SEEN),
        ({"lost_top": True}, Verdict.NOT_SEEN),
    ],
)
def test_what_was_lost_is_never_called_wrong(lost, verdict):
    proof = evidence(over_time(lambda _: 50), span=replace(SPAN, **lost))
    got, checks, faults = judge(exercise_with(FIRST), proof, OwnReference())
    assert got is verdict
    if verdict is Verdict.NOT_SEEN:
        assert (checks, faults) == ({"elbow-drift": CheckResult.NOT_SEEN}, ())


def test_what_was_lost_is_no_reference_for_the_next():
    check, own = same_phase(), OwnReference()
    exercise = exercise_with(check)
    judge(exercise, evidence(over_time(lambda _: 20), span=replace(SPAN, lost_top=True)), own)
    assert judge(exercise, evidence(over_time(lambda _: 90)), own)[1] == {"elbow-drift": CheckResult.NOT_SEEN}
