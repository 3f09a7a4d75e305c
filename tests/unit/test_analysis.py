"""A recording as a whole: the exercise that alone explains it is named, and in doubt none is."""

import functools
from dataclasses import replace

import pytest

from unslouch.analysis import account_for, watch
from unslouch.bootstrap import load_catalogue
from unslouch.core.events import RepCompleted, SetEnd, SetFinished, Side, SpeechKind
from unslouch.core.pose import nobody
from unslouch.testing.performing import perform, see
from unslouch.testing.routine import RepPlan, Routine

CATALOGUE = load_catalogue()
ALL = list(CATALOGUE.values())
SIDES = [(e.id, side) for e in ALL for side in e.working_sides()]


@functools.cache
def poses_of(exercise_id, side, reps=2, view_deg=None):
    return perform(CATALOGUE[exercise_id], [RepPlan()] * reps, side=side, view_deg=view_deg, fps=15)[1]


@pytest.mark.parametrize(("exercise_id", "side"), SIDES)
def test_each_exercise_is_recognised(exercise_id, side):
    account = account_for(poses_of(exercise_id, side), ALL)
    assert account.exercise is CATALOGUE[exercise_id]
    assert account.suitable
    assert [rep.side for rep in account.outcome.reps] == [side, side]
    assert len(account.moments) == len(poses_of(exercise_id, side))


def test_told_or_recognised_the_account_is_the_same():
    poses = poses_of("lat-pulldown", Side.LEFT)
    told, found = account_for(poses, [CATALOGUE["lat-pulldown"]]), account_for(poses, ALL)
    assert told.outcome == found.outcome
    assert told.moments == found.moments


def test_somebody_who_only_moves_about_is_unknown():
    motion = CATALOGUE["band-pull-apart"].motion
    routine = Routine(motion, seed=3).walk_in().stand(1.0).adjust_band().scratch_head().turn_away().walk_out()
    account = account_for(see(routine, 0.0, CATALOGUE["band-pull-apart"], fps=15), ALL)
    assert account.exercise is None
    assert account.outcome.reps == []
    assert account.spoken == []
    assert account.somebody


def test_nobody_is_nobody():
    account = account_for([nobody(i / 10, (640, 480)) for i in range(30)], ALL)
    assert (account.exercise, account.somebody) == (None, False)
    assert not account_for([nobody(0.0, (640, 480))], ALL[:1]).somebody


def test_no_frames_are_no_account_of_anything():
    account = account_for([], ALL[:1])
    assert (account.outcome.reps, account.moments, account.somebody) == ([], [], False)


def test_two_that_explain_it_equally_well_are_none():
    exercise = CATALOGUE["external-rotation"]
    account = account_for(poses_of("external-rotation", Side.LEFT), [exercise, replace(exercise, id="twin")])
    assert account.exercise is None
    assert account.outcome.reps == []


def test_told_from_an_unsuitable_view_the_turn_is_named():
    account = account_for(poses_of("band-pull-apart", Side.BOTH, 2, 80.0), [CATALOGUE["band-pull-apart"]])
    assert not account.suitable
    assert account.outcome.turn.endswith("to your left.")


def test_the_last_moment_ends_the_set_and_every_event_has_its_frame():
    poses = poses_of("band-row", Side.BOTH)
    outcome, moments = watch(CATALOGUE["band-row"], poses)
    assert moments[-1].events[-1] == SetFinished(poses[-1].t_s, SetEnd.STOPPED)
    told = [(pose.t_s, e) for pose, moment in zip(poses, moments, strict=True) for e in moment.events]
    assert [e.rep for _, e in told if isinstance(e, RepCompleted)] == outcome.reps
    assert all(e.t_s == t_s for t_s, e in told)
    assert [moment.status.t_s for moment in moments] == [pose.t_s for pose in poses]


def test_all_that_was_said_is_in_the_account():
    account = account_for(poses_of("band-row", Side.BOTH), [CATALOGUE["band-row"]])
    assert [s.text for s in account.spoken if s.kind is SpeechKind.NUMBER] == ["1", "2"]
