"""Every exercise file against its own declared motion: counted, judged, and each fault found where it can be seen."""

import pytest

from unslouch.analysis import watch
from unslouch.bootstrap import load_catalogue
from unslouch.core.events import CheckResult, Side, Verdict
from unslouch.core.exercise import within
from unslouch.core.form import VIEW_TOLERANCE_DEG
from unslouch.core.motion import FAULTS, motion_problems
from unslouch.testing.performing import perform
from unslouch.testing.routine import RepPlan, jittered
from unslouch.testing.skeleton import Proportions

CATALOGUE = load_catalogue()
ONE_SIDED = sorted(e.id for e in CATALOGUE.values() if e.one_sided)
EXERCISE_SIDES = [(e.id, side) for e in CATALOGUE.values() for side in e.working_sides()]

CLEAR_SIZE = {
    # Bones alone show rounding less than skin does: the skeleton's shoulder goes forward with its blade.
    ("band-row", "rounded-shoulders"): 27.0,
    ("band-pull-apart", "rounded-shoulders"): 34.0,
}
COMES_WITH = {
    ("band-row", "rounded-shoulders"): {"forward-head"},  # a rounded back carries the head forward
    ("band-row", "slack"): {"fast-release"},  # twice the way in the same time is fast
    ("band-pull-apart", "bent-elbows"): {"partial-range"},  # bent arms reach less far out
}
"""Faults that are truly there beside the one that was asked for."""


def inner_views(ranges):
    """Return both edges, a little inside, and the middle of each range."""
    views = {view for low, high in ranges for view in (low + 3, (low + high) / 2, high - 3)}
    return sorted(views)


def shown_views(exercise, check):
    """Return the views that can be counted and that show this check."""
    shown = exercise.signal.range_views if check.compare == "range" else check.views
    return [v for v in inner_views(shown) + [exercise.view.guide_to] if within(v, exercise.view.count) and within(v, shown)]


def outer_views(exercise):
    far = VIEW_TOLERANCE_DEG + 6
    edges = [edge for low, high in exercise.view.count for edge in (low - far, high + far)]
    return sorted({v for v in edges if abs(v) <= 180 and not within(v, exercise.view.count, VIEW_TOLERANCE_DEG + 5)})


CLEAN_CASES = [(i, side, view) for i, side in EXERCISE_SIDES for view in inner_views(CATALOGUE[i].view.count)]
OUTER_CASES = [(i, side, view) for i, side in EXERCISE_SIDES for view in outer_views(CATALOGUE[i])]
FAULT_CASES = [
    (e.id, check.fault, view) for e in CATALOGUE.values() for check in e.check for view in shown_views(e, check)
]
PARTIAL_CASES = [(i, s, v) for i, s in EXERCISE_SIDES for v in inner_views(CATALOGUE[i].signal.range_views)]


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
def test_the_declared_motion_can_be_performed(exercise_id):
    assert motion_problems(CATALOGUE[exercise_id].motion) == ()


@pytest.mark.parametrize(("exercise_id", "side", "view_deg"), CLEAN_CASES)
def test_clean_repetitions_are_all_good(exercise_id, side, view_deg):
    exercise = CATALOGUE[exercise_id]
    routine, poses = perform(exercise, jittered(RepPlan(), 3, seed=4), side=side, view_deg=view_deg, fps=20)
    reps = watch(exercise, poses)[0].reps
    assert [(rep.verdict, rep.side, rep.faults) for rep in reps] == [(Verdict.GOOD, side, ())] * 3
    for rep, truth in zip(reps, routine.truth, strict=True):
        assert rep.start_s == pytest.approx(truth.start_s, abs=0.35)
        assert rep.end_s == pytest.approx(truth.end_s, abs=0.4)
        assert rep.start_s < rep.peak_s < rep.end_s


@pytest.mark.parametrize(("exercise_id", "fault", "view_deg"), FAULT_CASES)
def test_a_clear_fault_is_found_alone(exercise_id, fault, view_deg):
    exercise = CATALOGUE[exercise_id]
    size = CLEAR_SIZE.get((exercise_id, fault), FAULTS[fault].typical)
    plans = [RepPlan(), RepPlan(faults={fault: size}), RepPlan()]
    _, poses = perform(exercise, plans, view_deg=view_deg, fps=20)
    clean, faulty, after = watch(exercise, poses)[0].reps
    assert clean.faults == ()
    found = {f.id for f in faulty.faults}
    assert fault in found
    assert found - {fault} <= COMES_WITH.get((exercise_id, fault), set())
    severity = next(check.severity for check in exercise.check if check.fault == fault)
    if severity == "must":
        assert faulty.verdict is Verdict.ATTEMPT
    elif found == {fault}:
        assert faulty.verdict is Verdict.GOOD
    if fault != "slack":  # a slack band is where the next pull starts from
        assert (after.verdict, after.faults) == (Verdict.GOOD, ())


@pytest.mark.parametrize(("exercise_id", "side", "view_deg"), PARTIAL_CASES)
def test_sixty_per_cent_of_the_range_is_an_attempt(exercise_id, side, view_deg):
    exercise = CATALOGUE[exercise_id]
    _, poses = perform(exercise, [RepPlan(reach=0.6)] * 2 + [RepPlan()], side=side, view_deg=view_deg, fps=20)
    reps = watch(exercise, poses)[0].reps
    assert [rep.verdict for rep in reps] == [Verdict.ATTEMPT, Verdict.ATTEMPT, Verdict.GOOD]
    for rep in reps[:2]:
        assert "partial-range" in {fault.id for fault in rep.faults}
        assert rep.range.of_reference is not None
        assert rep.range.of_reference < 0.9 * exercise.signal.full.of_personal_range


@pytest.mark.parametrize(("exercise_id", "side", "view_deg"), OUTER_CASES)
def test_outside_the_views_nothing_is_good_and_a_turn_is_named(exercise_id, side, view_deg):
    exercise = CATALOGUE[exercise_id]
    _, poses = perform(exercise, [RepPlan()] * 2, side=side, view_deg=view_deg, fps=20)
    outcome = watch(exercise, poses)[0]
    assert outcome.reps == []
    assert outcome.turn.startswith("Turn ")
    assert exercise.one_sided or ("left" in outcome.turn) == turn_is_left(exercise, view_deg)


def turn_is_left(exercise, view_deg):
    """Return whether the nearest good view lies towards the person's right: turning left brings it there."""
    targets = [t for t in (exercise.view.guide_to, -exercise.view.guide_to) if within(t, exercise.view.count)]
    return min(targets, key=lambda target: abs(target - view_deg)) < view_deg


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
def test_other_people_are_counted_too(exercise_id):
    import numpy as np

    exercise = CATALOGUE[exercise_id]
    rng = np.random.default_rng(7)
    for seed in range(4):
        person = Proportions.varied(rng)
        plans = jittered(RepPlan(), 3, seed=seed, spread=0.35)
        _, poses = perform(exercise, plans, fps=20, seed=seed, proportions=person, noise_px=1.0)
        assert len(watch(exercise, poses)[0].reps) == 3


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
def test_whoever_stands_walks_in_or_fumbles_does_nothing(exercise_id):
    from unslouch.testing.performing import see
    from unslouch.testing.routine import Routine

    exercise = CATALOGUE[exercise_id]
    routine = Routine(exercise.motion, exercise.working_sides()[0], seed=5)
    routine.walk_in().stand(1.0).adjust_band().scratch_head().take_position().relax().walk_out()
    outcome = watch(exercise, see(routine, None, exercise, fps=20))[0]
    assert outcome.reps == []


@pytest.mark.parametrize("exercise_id", ONE_SIDED)
def test_the_arm_that_works_is_the_one_that_is_counted(exercise_id):
    exercise = CATALOGUE[exercise_id]
    for side in (Side.LEFT, Side.RIGHT):
        _, poses = perform(exercise, [RepPlan()] * 2, side=side, view_deg=8, fps=20)
        reps = watch(exercise, poses)[0].reps
        assert [rep.side for rep in reps] == [side, side]


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
def test_every_check_speaks_on_a_clean_set_where_it_can_be_seen(exercise_id):
    exercise = CATALOGUE[exercise_id]
    for check in exercise.check:
        view_deg = shown_views(exercise, check)[-1]
        _, poses = perform(exercise, [RepPlan()] * 2, view_deg=view_deg, fps=20)
        results = [rep.checks[check.fault] for rep in watch(exercise, poses)[0].reps]
        assert results[-1] is CheckResult.OK, check.fault
        first = CheckResult.NOT_SEEN if check.relative and check.reference == "same phase" else CheckResult.OK
        assert results[0] is first, check.fault
