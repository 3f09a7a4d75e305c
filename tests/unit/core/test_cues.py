"""What is said and when: one thing at a time, and silence when all is well."""

import math
from dataclasses import replace

import pytest

from unslouch.core.body import BodyState, measure
from unslouch.core.cues import (
    COOL_DOWN_S,
    GUIDE_AFTER_S,
    GUIDE_EVERY_S,
    PARTS,
    CueState,
    after_rep,
    guide,
    sentence,
    step_back,
    turn_to,
)
from unslouch.core.events import CheckResult, Fault, Side, SpeechKind, Verdict
from unslouch.core.exercise import Check, Limit, View
from unslouch.core.motion import BodyAngles
from unslouch.core.pose import Keypoint
from unslouch.testing.camera import Camera
from unslouch.testing.coach import make_exercise, make_rep
from unslouch.testing.performing import as_network_reads
from unslouch.testing.routine import Moment, Phase, Place
from unslouch.testing.skeleton import observe

LIMIT = Limit(0.5, "torso", "made up", "judgement")
CHECKS = (
    Check("shrug", "Shoulders low.", feature="f", above=LIMIT, praise="Shoulders low. Good."),
    Check("trunk-lean", "Sit tall.", feature="f", above=LIMIT),
    Check("bent-elbows", "Long arms.", feature="f", above=LIMIT, severity="should"),
)
EXERCISE = replace(make_exercise(), check=CHECKS)


def rep(verdict, *faults):
    checks = {check.fault: CheckResult.FAULT if check.fault in faults else CheckResult.OK for check in CHECKS}
    return replace(
        make_rep(1, verdict=verdict), checks=checks, faults=tuple(Fault(f, 1.0, 0.5, "torso", 1.0) for f in faults)
    )


def say(state, verdict, *faults, number=1, t_s=0.0):
    return [(s.kind, s.text) for s in after_rep(state, EXERCISE, rep(verdict, *faults), number, t_s)]


GOOD, ATTEMPT, NOT_SEEN = Verdict
NUMBER, CUE, GUIDE, PRAISE, TICK = SpeechKind


def test_a_good_repetition_gets_its_number_and_nothing_else():
    assert say(CueState(), GOOD, number=7) == [(NUMBER, "7")]


def test_an_attempt_gets_its_cue_instead_of_a_number():
    assert say(CueState(), ATTEMPT, "shrug") == [(CUE, "Shoulders low.")]


def test_what_was_not_seen_gets_a_tick_and_no_words():
    assert say(CueState(), NOT_SEEN) == [(TICK, "")]


def test_one_cue_at_a_time_the_most_important():
    assert say(CueState(), ATTEMPT, "trunk-lean", "shrug") == [(CUE, "Sit tall.")]


def test_an_attempt_is_cued_for_what_made_it_one():
    assert say(CueState(), ATTEMPT, "bent-elbows", "shrug") == [(CUE, "Shoulders low.")]


def test_what_should_be_better_follows_the_number():
    assert say(CueState(), GOOD, "bent-elbows", number=2) == [(NUMBER, "2"), (CUE, "Long arms.")]


def test_the_same_cue_waits_for_its_cool_down():
    state = CueState()
    times = (0.0, COOL_DOWN_S - 0.1, COOL_DOWN_S + 0.1)
    assert [len(say(state, ATTEMPT, "shrug", t_s=t)) for t in times] == [1, 0, 1]


def test_another_cue_need_not_wait():
    state = CueState()
    say(state, ATTEMPT, "shrug", t_s=0.0)
    assert say(state, ATTEMPT, "trunk-lean", t_s=1.0) == [(CUE, "Sit tall.")]


def test_a_correction_is_praised_once():
    state = CueState()
    say(state, ATTEMPT, "shrug")
    assert say(state, GOOD, number=1, t_s=5) == [(NUMBER, "1"), (PRAISE, "Shoulders low. Good.")]
    assert say(state, GOOD, number=2, t_s=10) == [(NUMBER, "2")]


def test_praise_has_words_even_where_the_file_gives_none():
    state = CueState()
    say(state, ATTEMPT, "trunk-lean")
    ((_, _), (kind, text)) = say(state, GOOD, t_s=5)
    assert kind is PRAISE
    assert text.strip()


def test_nothing_is_praised_that_was_not_seen_to_be_right():
    state = CueState()
    say(state, ATTEMPT, "shrug")
    unseen = replace(rep(GOOD), checks={"shrug": CheckResult.NOT_SEEN})
    assert [s.kind for s in after_rep(state, EXERCISE, unseen, 1, 5.0)] == [NUMBER]


# --- guidance ---------------------------------------------------------------------------------------------------------


def guided(obstacles, fps=10):
    state, said = CueState(), []
    for i, obstacle in enumerate(obstacles):
        said += [(i / fps, s.text) for s in guide(state, i / fps, obstacle)]
    return said


def test_what_is_in_the_way_is_said_after_a_while_and_not_too_often():
    said = guided(["Step back."] * 200)
    assert [text for _, text in said] == ["Step back."] * len(said)
    times = [t for t, _ in said]
    assert times[0] == pytest.approx(GUIDE_AFTER_S, abs=0.11)
    assert times[1] - times[0] == pytest.approx(GUIDE_EVERY_S, abs=0.11)


def test_what_passes_is_not_mentioned():
    assert guided((["Step back."] * 10 + [""] * 5) * 5) == []


def test_all_is_well_in_silence():
    assert guided([""] * 100) == []


FRONT_LEFT = View(((-10.0, 60.0),), 20.0, ())
SIDES = View(((-95.0, -40.0), (40.0, 95.0)), 60.0, ())


@pytest.mark.parametrize(
    ("view", "view_deg", "sides", "said"),
    [
        # The camera at -40 stands towards the right: turning right brings the left side to it.
        (FRONT_LEFT, -40, [Side.LEFT], "Turn to your right."),
        (FRONT_LEFT, -18, [Side.LEFT], "Turn a little to your right."),
        (FRONT_LEFT, 80, [Side.LEFT], "Turn to your left."),
        (FRONT_LEFT, 40, [Side.RIGHT], "Turn to your left."),
        (FRONT_LEFT, 18, [Side.RIGHT], "Turn a little to your left."),
        (FRONT_LEFT, -170, [Side.LEFT], "Turn round to your left."),
        (FRONT_LEFT, -18, [Side.LEFT, Side.RIGHT], ""),
        (FRONT_LEFT, 0, [Side.LEFT], ""),
        (SIDES, 30, [Side.BOTH], "Turn a little to your right."),
        (SIDES, -30, [Side.BOTH], "Turn a little to your left."),
        (SIDES, 120, [Side.BOTH], "Turn to your left."),
        (SIDES, -120, [Side.BOTH], "Turn to your right."),
        (SIDES, 60, [Side.BOTH], ""),
        (SIDES, -60, [Side.BOTH], ""),
        (SIDES, math.nan, [Side.BOTH], ""),
    ],
)
def test_the_turn_that_is_named_leads_to_a_good_view(view, view_deg, sides, said):
    assert turn_to(view, view_deg, sides) == said


@pytest.mark.parametrize("view_deg", [-30, 75])
def test_who_does_as_told_is_seen_from_a_better_angle(view_deg):
    """The whole chain, by geometry: the person really turns that way, and the camera angle is read again."""
    said = turn_to(FRONT_LEFT, view_deg, [Side.LEFT])
    turned = look(view_deg, yaw_deg=towards(said) * 20.0).view_deg
    assert abs(turned - 20) < abs(view_deg - 20) - 15


def towards(said):
    """Sign of the skeleton's yaw for the turn that was said, told by where its nose goes."""
    moment = Moment(0.0, BodyAngles(), Place(yaw_deg=20.0), Phase.REST, 0, 0.0)
    nose, left, right = (
        observe([moment], Camera())[0].keypoints_px[k, 0]
        for k in (Keypoint.NOSE, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
    )
    to_own_left = nose > (left + right) / 2
    return 1.0 if to_own_left == said.endswith("left.") else -1.0


def look(view_deg, yaw_deg=0.0, hide=()):
    moment = Moment(0.0, BodyAngles(), Place(yaw_deg=yaw_deg), Phase.REST, 0, 0.0)
    pose = as_network_reads(observe([moment], Camera(azimuth_deg=view_deg)), view_deg)[0]
    points = pose.keypoints_px.copy()
    for keypoint in hide:
        points[keypoint] = math.nan
    return measure(BodyState(), replace(pose, keypoints_px=points))


NEEDY = View(((-30.0, 30.0),), 0.0, ("wrists", "elbows", "hips"))
WRISTS = (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)
HIPS = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)


@pytest.mark.parametrize(
    ("hide", "words"),
    [
        (WRISTS, "your wrists."),
        ((*WRISTS, *HIPS), "your wrists and hips."),
        ((*WRISTS, *HIPS, Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW), "your wrists, elbows and hips."),
    ],
)
def test_what_is_missing_is_named(hide, words):
    said = step_back(NEEDY, look(0, hide=hide))
    assert said.startswith("Step back")
    assert said.endswith(words)


def test_one_of_a_pair_is_enough():
    assert step_back(NEEDY, look(0, hide=(Keypoint.LEFT_WRIST, Keypoint.RIGHT_ELBOW))) == ""


def test_every_part_has_its_pair():
    for left in PARTS.values():
        name = Keypoint(left).name
        assert name.startswith("LEFT_")
        assert Keypoint(left + 1).name == name.replace("LEFT", "RIGHT")


# --- the sum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "attempts", "not_seen", "said"),
    [
        ({Side.BOTH: 1}, 0, 0, "1 good repetition."),
        ({Side.BOTH: 10}, 1, 2, "10 good repetitions, 1 attempt, 2 not seen."),
        ({Side.LEFT: 8, Side.RIGHT: 7}, 2, 0, "15 good repetitions (8 left, 7 right), 2 attempts."),
        ({}, 0, 0, "0 good repetitions."),
    ],
)
def test_a_set_in_one_sentence(good, attempts, not_seen, said):
    assert sentence(good, attempts, not_seen) == said
