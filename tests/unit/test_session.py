"""The fold from frames to events: numbers in time, sides, guidance, what is not seen, and how a set ends."""

from dataclasses import replace

import numpy as np
import pytest

from unslouch.catalogue import parse_exercise
from unslouch.core.events import (
    CheckResult,
    Phase,
    RepCompleted,
    SetEnd,
    SetFinished,
    SetStarted,
    Side,
    SpeechKind,
    Spoken,
    Verdict,
)
from unslouch.core.pose import Keypoint, nobody
from unslouch.session import Session
from unslouch.testing.example import CURL
from unslouch.testing.performing import perform, see
from unslouch.testing.routine import RepPlan, Routine

EXERCISE = parse_exercise(CURL, "curl.toml")
FPS = 15
QUICK = RepPlan(concentric_s=1.0, hold_s=0.3, eccentric_s=1.2, rest_s=0.4)
NEARLY_FULL = replace(QUICK, reach=0.97)
FAST = replace(QUICK, faults={"fast-release": 0.6})
DRIFT = replace(QUICK, faults={"elbow-drift": 32})
ARM = {side: [Keypoint[f"{side.upper()}_{joint}"] for joint in ("ELBOW", "WRIST")] for side in ("left", "right")}


def run(poses, target_reps=None, *, stop=True, **how):
    session = Session(EXERCISE, target_reps=target_reps, **how)
    events = [event for pose in poses for event in session.step(pose)]
    if stop:
        events += session.stop(poses[-1].t_s)
    return session, events


def did(plans, target_reps=None, *, side=Side.LEFT, stop=True, **how):
    routine, poses = perform(EXERCISE, plans, side=side, fps=FPS)
    return routine, *run(poses, target_reps, stop=stop, **how)


def only(events, kind):
    return [event for event in events if isinstance(event, kind)]


def reps(events):
    return [event.rep for event in only(events, RepCompleted)]


def spoken(events, *kinds):
    return [event.text for event in only(events, Spoken) if not kinds or event.kind in kinds]


def hide(poses, keypoints, start_s, end_s):
    def hidden(pose):
        points = pose.keypoints_px.copy()
        points[keypoints] = np.nan
        return replace(pose, keypoints_px=points)

    return [hidden(pose) if start_s <= pose.t_s < end_s else pose for pose in poses]


# --- repetitions ------------------------------------------------------------------------------------------------------


def test_a_set_of_good_repetitions():
    routine, session, events = did([QUICK] * 3)
    assert [(rep.index, rep.side, rep.verdict) for rep in reps(events)] == [
        (i, Side.LEFT, Verdict.GOOD) for i in (1, 2, 3)
    ]
    assert spoken(events) == ["1", "2", "3"]
    for rep, truth in zip(reps(events), routine.truth, strict=True):
        # The height of the wrist hardly changes while the forearm still hangs.
        assert rep.start_s == pytest.approx(truth.start_s, abs=0.3)
        assert rep.end_s == pytest.approx(truth.end_s, abs=0.3)
        times = (rep.concentric_s, rep.hold_s, rep.eccentric_s)
        assert rep.start_s + sum(times) == pytest.approx(rep.end_s, abs=0.005)
    assert session.counts == {Side.LEFT: {Verdict.GOOD: 3, Verdict.ATTEMPT: 0, Verdict.NOT_SEEN: 0}}


@pytest.mark.parametrize("fps", [15, 30])
def test_the_number_comes_within_300_ms_of_the_end(fps):
    routine, poses = perform(EXERCISE, [QUICK, RepPlan()] * 2, fps=fps)
    _, events = run(poses)
    for event, truth in zip(only(events, RepCompleted), routine.truth, strict=True):
        assert event.t_s - event.rep.end_s < 0.3
        assert event.t_s - truth.end_s < 0.3


def test_only_good_ones_are_numbered_and_the_others_get_their_cue():
    _, session, events = did([QUICK, NEARLY_FULL, FAST, DRIFT, QUICK])
    assert [rep.verdict for rep in reps(events)] == [
        Verdict.GOOD,
        Verdict.GOOD,
        Verdict.ATTEMPT,
        Verdict.ATTEMPT,
        Verdict.GOOD,
    ]
    assert spoken(events) == ["1", "2", "Slower.", "Elbow in.", "3", "Elbow close. Good."]
    assert session.counts[Side.LEFT] == {Verdict.GOOD: 3, Verdict.ATTEMPT: 2, Verdict.NOT_SEEN: 0}


def test_the_start_position_must_be_held_first():
    _, _, events = did([QUICK])
    (started,) = only(events, SetStarted)
    assert started.t_s < reps(events)[0].start_s
    # The first movement is out of the blue: nobody was ready.
    up = Routine(EXERCISE.motion, Side.LEFT).take_position(0.1, 0.0).reps([replace(QUICK, rest_s=0.01)] * 2)
    _, events = run([replace(p, t_s=p.t_s) for p in see(up, None, EXERCISE, fps=FPS) if p.t_s > 0.3])
    assert len(reps(events)) == 1


def test_arms_in_turn_are_counted_apart():
    routine = Routine(EXERCISE.motion, Side.LEFT).stand(0.5).take_position()
    routine.reps([replace(QUICK, side=side) for side in (Side.LEFT, Side.RIGHT) * 3]).relax()
    session, events = run(see(routine, None, EXERCISE, fps=FPS))
    assert [rep.side for rep in reps(events)] == [Side.LEFT, Side.RIGHT] * 3
    assert [rep.index for rep in reps(events)] == [1, 2, 3, 4, 5, 6]
    assert spoken(events, SpeechKind.NUMBER) == ["1", "1", "2", "2", "3", "3"]
    assert session.counts[Side.LEFT] == session.counts[Side.RIGHT]


def test_both_arms_together_are_one_repetition():
    _, session, events = did([QUICK] * 3, side=Side.BOTH)
    assert [rep.side for rep in reps(events)] == [Side.BOTH] * 3
    assert spoken(events) == ["1", "2", "3"]
    assert set(session.counts) == {Side.BOTH}


def test_a_fault_of_either_arm_counts_for_both():
    _, poses = perform(EXERCISE, [QUICK, replace(QUICK, faults={"fast-release": 0.6})], side=Side.BOTH, fps=FPS)
    _, events = run(poses)
    assert [rep.verdict for rep in reps(events)] == [Verdict.GOOD, Verdict.ATTEMPT]
    assert reps(events)[1].checks["fast-release"] is CheckResult.FAULT


# --- what is not seen -------------------------------------------------------------------------------------------------


def test_a_top_that_was_not_seen_gets_a_tick():
    routine, poses = perform(EXERCISE, [QUICK] * 3, fps=FPS)
    second = routine.truth[1]
    poses = hide(poses, ARM["left"], second.peak_s - 0.3, second.hold_end_s + 0.3)
    session, events = run(poses)
    assert [rep.verdict for rep in reps(events)] == [Verdict.GOOD, Verdict.NOT_SEEN, Verdict.GOOD]
    assert set(reps(events)[1].checks.values()) == {CheckResult.NOT_SEEN}
    assert reps(events)[1].faults == ()
    assert [s.kind for s in only(events, Spoken)] == [SpeechKind.NUMBER, SpeechKind.TICK, SpeechKind.NUMBER]
    assert session.counts[Side.LEFT][Verdict.NOT_SEEN] == 1


def test_when_nobody_is_there_nothing_is_counted_and_it_is_said():
    session, events = run([nobody(i / 10, (640, 480)) for i in range(60)])
    assert reps(events) == []
    assert not session.outcome().seen
    said = only(events, Spoken)
    assert [s.kind for s in said] == [SpeechKind.GUIDE]
    assert said[0].t_s == pytest.approx(1.5, abs=0.11)
    assert not session.status.seen
    assert session.status.view_ok is None


def test_hands_out_of_the_picture_are_named():
    _, poses = perform(EXERCISE, [], fps=FPS)
    session, events = run(hide(poses, [*ARM["left"], *ARM["right"]], 0.0, 99.0))
    assert spoken(events, SpeechKind.GUIDE)[0].startswith("Step back, so that I can see your wrists and elbows")
    assert not session.status.seen


def test_a_walk_behind_the_camera_ends_in_a_sentence_and_goes_on():
    routine, poses = perform(EXERCISE, [QUICK] * 2, fps=FPS)
    gap_s = 6.0
    after = routine.truth[0].end_s + 0.3
    early = [p for p in poses if p.t_s < after]
    away = [nobody(after + i / FPS, p.size_px) for p in poses[:1] for i in range(int(gap_s * FPS))]
    late = [replace(p, t_s=p.t_s + gap_s) for p in poses if p.t_s >= after]
    _, events = run(early + away + late)
    assert [rep.verdict for rep in reps(events)] == [Verdict.GOOD] * 2
    assert [text for text in spoken(events, SpeechKind.GUIDE) if text.startswith("I can't see you")]


# --- where the camera stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("view_deg", "turn"), [(62, "left"), (-62, "right")])
def test_outside_the_views_nothing_is_called_good_and_the_turn_is_named(view_deg, turn):
    _, poses = perform(EXERCISE, [QUICK] * 3, view_deg=view_deg, fps=FPS)
    session, events = run(poses)
    assert reps(events) == []
    assert spoken(events, SpeechKind.GUIDE)[0].endswith(f"your {turn}.")
    assert session.outcome().turn.endswith(f"your {turn}.")
    assert session.status.view_ok is False


def test_inside_the_views_no_turn_is_named():
    _, session, events = did([QUICK])
    assert session.outcome().turn == ""
    assert session.status.view_ok is True
    assert spoken(events, SpeechKind.GUIDE) == []


def test_what_was_never_judged_is_said_once_with_its_reason():
    text = CURL.replace('say = "Elbow in."', 'say = "Elbow in."\nviews = [[25, 40]]')
    exercise = parse_exercise(text, "curl.toml")
    _, poses = perform(exercise, [QUICK], view_deg=0, fps=FPS)
    session = Session(exercise)
    for pose in poses:
        session.step(pose)
    session.stop(poses[-1].t_s)
    assert session.outcome().not_judged == {"elbow-drift": "this camera angle cannot show it"}
    assert session.outcome().reps[0].verdict is Verdict.GOOD


# --- the moment -------------------------------------------------------------------------------------------------------


def test_the_status_follows_the_arm():
    routine, poses = perform(EXERCISE, [QUICK], fps=FPS)
    (truth,) = routine.truth
    session, seen = Session(EXERCISE), {}
    for pose in poses:
        session.step(pose)
        seen[pose.t_s] = session.status

    def at(t_s):
        return seen[min(seen, key=lambda t: abs(t - t_s))]

    top = at((truth.peak_s + truth.hold_end_s) / 2).sides[Side.LEFT]
    assert top.range_fraction > 1.0
    assert at(truth.start_s - 0.1).sides[Side.LEFT].range_fraction < 0.1
    halfway = at((truth.start_s + truth.peak_s) / 2).sides[Side.LEFT]
    assert halfway.phase is Phase.CONCENTRIC
    assert 0.2 < halfway.range_fraction < 0.9
    assert at(truth.hold_end_s + 0.8).sides[Side.LEFT].phase is Phase.ECCENTRIC
    assert at(truth.start_s - 0.1).sides[Side.RIGHT].phase is Phase.REST
    assert at(0.0).ready is False
    assert at(truth.start_s).ready is True
    assert at(truth.start_s).view_deg == pytest.approx(0, abs=2)


def test_a_frame_out_of_order_changes_nothing():
    _, poses = perform(EXERCISE, [QUICK] * 2, fps=FPS)
    shuffled = [p for i, pose in enumerate(poses) for p in ([pose, poses[i - 5]] if i % 7 == 6 else [pose])]
    assert reps(run(shuffled)[1]) == reps(run(poses)[1])


def test_ones_own_range_takes_the_place_of_the_files():
    plans = [replace(QUICK, reach=0.55)] * 2
    _, _, events = did(plans)
    assert [rep.verdict for rep in reps(events)] != [Verdict.GOOD] * 2
    top = max(rep.range.value for rep in reps(events)) if reps(events) else 0.0
    _, _, events = did(plans, personal_range={Side.LEFT: (-0.45, top), Side.RIGHT: (-0.45, top)})
    assert [rep.verdict for rep in reps(events)] == [Verdict.GOOD] * 2


# --- the end of a set -------------------------------------------------------------------------------------------------


def end(events):
    return [(event.why, event.t_s) for event in only(events, SetFinished)]


def still(poses, for_s):
    """Go on standing as in the last frame."""
    last = poses[-1]
    return poses + [replace(last, t_s=last.t_s + (i + 1) / FPS) for i in range(int(for_s * FPS))]


def test_a_set_ends_at_its_target():
    _, poses = perform(EXERCISE, [QUICK] * 4, side=Side.BOTH, fps=FPS)
    session, events = run(poses, 3)
    ((why, t_s),) = end(events)
    assert why is SetEnd.TARGET
    assert t_s == only(events, RepCompleted)[-1].t_s
    assert len(reps(events)) == 3
    assert session.finished
    assert session.stop(99.0) == ()


def test_attempts_do_not_count_towards_the_target():
    _, poses = perform(EXERCISE, [QUICK, FAST, QUICK, FAST, QUICK, QUICK], side=Side.BOTH, fps=FPS)
    _, events = run(poses, 3)
    assert [rep.verdict.value[0] for rep in reps(events)] == list("gagag")
    assert end(events)[0][0] is SetEnd.TARGET


def test_what_was_not_seen_counts_towards_the_target():
    routine, poses = perform(EXERCISE, [QUICK] * 4, side=Side.BOTH, fps=FPS)
    second = routine.truth[1]
    poses = hide(poses, ARM["left"] + ARM["right"], second.peak_s - 0.3, second.hold_end_s + 0.3)
    _, events = run(poses, 3)
    assert [rep.verdict for rep in reps(events)] == [Verdict.GOOD, Verdict.NOT_SEEN, Verdict.GOOD]
    assert end(events)[0][0] is SetEnd.TARGET


def test_after_three_more_than_wanted_it_is_enough():
    _, poses = perform(EXERCISE, [FAST] * 8, side=Side.BOTH, fps=FPS)
    top = EXERCISE.dose.reps[1]
    exercise_set = run(poses, top)
    assert end(exercise_set[1])[0][0] is SetEnd.STOPPED
    _, poses = perform(EXERCISE, [FAST] * (top + 5), side=Side.BOTH, fps=FPS)
    _, events = run(poses, top)
    assert len(reps(events)) == top + 3
    assert end(events)[0][0] is SetEnd.ENOUGH


def test_ten_seconds_without_movement_end_a_set():
    _, poses = perform(EXERCISE, [QUICK] * 2, side=Side.BOTH, fps=FPS)
    _, events = run(still(poses, 12.0), 8)
    ((why, t_s),) = end(events)
    assert why is SetEnd.IDLE
    assert t_s - only(events, RepCompleted)[-1].t_s == pytest.approx(10.0, abs=0.2)


def test_a_recording_has_no_target_and_does_not_end_by_itself():
    _, poses = perform(EXERCISE, [QUICK] * 2, side=Side.BOTH, fps=FPS)
    _, events = run(still(poses, 20.0))
    assert [why for why, _ in end(events)] == [SetEnd.STOPPED]


def test_one_side_done_calls_for_the_other_and_both_done_end_the_set():
    routine = Routine(EXERCISE.motion, Side.LEFT).stand(0.5).take_position()
    sides = [Side.LEFT] * 3 + [Side.RIGHT] * 3
    routine.reps([replace(QUICK, side=side) for side in sides]).relax()
    _, events = run(see(routine, None, EXERCISE, fps=FPS), 2)
    assert spoken(events, SpeechKind.GUIDE) == ["Now the other side."]
    assert [rep.side for rep in reps(events)] == [Side.LEFT] * 3 + [Side.RIGHT] * 2
    assert end(events)[0][0] is SetEnd.TARGET


def test_changing_sides_may_take_longer_than_ten_seconds():
    routine = Routine(EXERCISE.motion, Side.LEFT).stand(0.5).take_position().reps([QUICK] * 2).stand(14.0)
    routine.reps([replace(QUICK, side=Side.RIGHT)] * 2).relax()
    _, events = run(see(routine, None, EXERCISE, fps=FPS), 2)
    assert [rep.side for rep in reps(events)] == [Side.LEFT] * 2 + [Side.RIGHT] * 2
    assert end(events)[0][0] is SetEnd.TARGET


def test_stop_keeps_what_is_nearly_done():
    routine, poses = perform(EXERCISE, [QUICK] * 2, fps=FPS)
    second = routine.truth[1]
    nearly = [p for p in poses if p.t_s < second.end_s - 0.2]
    _, events = run(nearly, 8)
    assert len(reps(events)) == 2
    assert end(events) == [(SetEnd.STOPPED, nearly[-1].t_s)]
    half = [p for p in poses if p.t_s < second.hold_end_s]
    assert len(reps(run(half, 8)[1])) == 1


def test_after_the_end_frames_change_nothing():
    _, poses = perform(EXERCISE, [QUICK] * 3, fps=FPS)
    session = Session(EXERCISE)
    session.stop(0.0)
    assert [event for pose in poses for event in session.step(pose)] == []
    assert session.outcome().reps == []
