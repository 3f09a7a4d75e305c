"""What must not matter: where in the picture, how large, which side, which frame rate, how long one stands still."""

import functools
import itertools
import math
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unslouch.analysis import watch
from unslouch.catalogue import parse_exercise
from unslouch.core.body import BodyState, measure
from unslouch.core.events import RepCompleted, Side, Verdict
from unslouch.core.features import FEATURES
from unslouch.core.filtering import smooth
from unslouch.core.motion import ArmAngles, BodyAngles, TrunkAngles
from unslouch.core.pose import Keypoint
from unslouch.core.reps import CounterState, Levels, Sample, step
from unslouch.session import Session
from unslouch.testing.camera import Camera
from unslouch.testing.example import CURL
from unslouch.testing.performing import see
from unslouch.testing.routine import Moment, Phase, Place, RepPlan, Routine
from unslouch.testing.skeleton import observe

QUICKLY = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
FEW = settings(QUICKLY, max_examples=6)
EXERCISE = parse_exercise(CURL, "curl.toml")
PLANS = [
    RepPlan(1.0, 0.3, 1.3, 0.4),
    RepPlan(1.2, 0.5, 1.5, 0.4, faults={"elbow-drift": 32}),
    RepPlan(0.9, 0.3, 1.0, 0.4),
]


def routine(side=Side.LEFT):
    return Routine(EXERCISE.motion, side, seed=1).stand(0.8).take_position().reps(PLANS).stand(0.6).relax()


@functools.cache
def poses_at(fps, side=Side.LEFT, view_deg=15.0):
    return tuple(see(routine(side), view_deg, EXERCISE, fps=fps))


@functools.cache
def usual():
    return watch(EXERCISE, poses_at(20))[0].reps


def verdicts(reps):
    return [(rep.side, rep.verdict) for rep in reps]


def moved(pose, scale=1.0, shift=(0.0, 0.0), later_s=0.0):
    width, height = pose.size_px
    return replace(
        pose,
        t_s=pose.t_s + later_s,
        size_px=(round(width * scale), round(height * scale)),
        keypoints_px=pose.keypoints_px * scale + np.asarray(shift),
    )


def test_the_usual_set_is_what_the_others_are_compared_with():
    assert verdicts(usual()) == [(Side.LEFT, Verdict.GOOD), (Side.LEFT, Verdict.ATTEMPT), (Side.LEFT, Verdict.GOOD)]


# --- features ---------------------------------------------------------------------------------------------------------

ARMS = st.builds(
    ArmAngles,
    shoulder_plane_deg=st.floats(-20, 110),
    shoulder_elevation_deg=st.floats(-30, 170),
    shoulder_rotation_deg=st.floats(-60, 70),
    elbow_flexion_deg=st.floats(0, 140),
    scapula_elevation_deg=st.floats(0, 25),
)
BODIES = st.builds(
    BodyAngles,
    left=ARMS,
    right=ARMS,
    trunk=st.builds(TrunkAngles, trunk_flexion_deg=st.floats(-15, 25), trunk_side_bend_deg=st.floats(-15, 15)),
)


def pose_of(body, view_deg):
    return observe([Moment(0.0, body, Place(), Phase.REST, 0, 0.0)], Camera(azimuth_deg=view_deg))[0]


def all_features(pose):
    body = measure(BodyState(), pose)
    return {(name, side): feature(body, side) for name, feature in FEATURES.items() for side in Side}


def assert_same(one, other, tolerance=1e-6):
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert math.isclose(value, other[key], abs_tol=tolerance) or (math.isnan(value) and math.isnan(other[key])), key


@QUICKLY
@given(BODIES, st.floats(-100, 100), st.floats(0.2, 6.0), st.floats(-500, 500), st.floats(-500, 500))
def test_features_do_not_know_where_or_how_large_a_person_is(body, view_deg, scale, right, down):
    pose = pose_of(body, view_deg)
    assert_same(all_features(pose), all_features(moved(pose, scale, (right, down))))


OTHER_SIDE = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}
TWIN = [Keypoint[k.name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")] for k in Keypoint]


def mirrored(pose):
    """Return the person in a mirror: left is right, in the picture and of the body."""
    width = pose.size_px[0]
    return replace(
        pose,
        keypoints_px=(pose.keypoints_px * [-1, 1] + [width, 0])[TWIN],
        world_m=(pose.world_m * [-1, 1, 1])[TWIN],
        visibility=pose.visibility[TWIN],
    )


@QUICKLY
@given(BODIES, st.floats(-100, 100).filter(lambda view_deg: abs(view_deg) > 2))
def test_a_mirror_swaps_the_sides(body, view_deg):
    plain, mirror = all_features(pose_of(body, view_deg)), all_features(mirrored(pose_of(body, view_deg)))
    assert_same(plain, {(name, OTHER_SIDE[side]): value for (name, side), value in mirror.items()})


@QUICKLY
@given(BODIES, st.floats(-100, 100), st.sets(st.sampled_from(list(Keypoint)), max_size=33))
def test_a_point_that_is_not_seen_never_moves_a_feature(body, view_deg, hidden):
    """It makes the feature unseen or, where it is not needed, leaves it alone. (The torso is known from before.)"""
    pose = pose_of(body, view_deg)
    points = pose.keypoints_px.copy()
    points[list(hidden)] = np.nan
    state = BodyState()
    before = measure(state, pose)
    after = measure(state, replace(pose, t_s=1 / 30, keypoints_px=points))
    for feature in FEATURES.values():
        for side in (Side.LEFT, Side.RIGHT):
            value = feature(after, side)
            assert math.isnan(value) or math.isclose(value, feature(before, side), abs_tol=1e-6), feature.name


# --- counting ---------------------------------------------------------------------------------------------------------


@FEW
@given(st.floats(10, 60))
def test_the_count_does_not_depend_on_the_frame_rate(fps):
    reps = watch(EXERCISE, poses_at(round(fps, 1)))[0].reps
    assert verdicts(reps) == verdicts(usual())
    for rep, known in zip(reps, usual(), strict=True):
        assert abs(rep.start_s - known.start_s) < 0.15
        assert abs(rep.end_s - known.end_s) < 0.2


@FEW
@given(st.floats(0.0, 8.0), st.floats(0.0, 8.0))
def test_standing_still_before_and_after_adds_nothing(before_s, after_s):
    poses = poses_at(20)
    head = [replace(poses[0], t_s=i / 20) for i in range(int(before_s * 20))]
    body = [moved(pose, later_s=len(head) / 20) for pose in poses]
    tail = [replace(body[-1], t_s=body[-1].t_s + (i + 1) / 20) for i in range(int(after_s * 20))]
    assert verdicts(watch(EXERCISE, head + body + tail)[0].reps) == verdicts(usual())


@FEW
@given(st.floats(0.0, 1e5), st.floats(0.4, 3.0), st.floats(-300, 300))
def test_a_later_clock_and_another_place_change_times_alone(later_s, scale, right):
    poses = [moved(pose, scale, (right, 0.0), later_s) for pose in poses_at(20)]
    reps = watch(EXERCISE, poses)[0].reps
    a_frame_s = 1 / 20  # rounding decides whether a frame still belongs to a window of time
    for rep, known in zip(reps, usual(), strict=True):
        assert abs(rep.start_s - later_s - known.start_s) < a_frame_s
        assert abs(rep.end_s - later_s - known.end_s) < a_frame_s
        timeless = {"start_s": 0.0, "peak_s": 0.0, "end_s": 0.0, "concentric_s": 0.0, "hold_s": 0.0, "eccentric_s": 0.0}
        faults = tuple(replace(fault, at_s=0.0, value=round(fault.value, 1)) for fault in rep.faults)
        known_faults = tuple(replace(fault, at_s=0.0, value=round(fault.value, 1)) for fault in known.faults)
        assert faults == known_faults
        assert abs(rep.concentric_s - known.concentric_s) < a_frame_s
        assert replace(rep, **timeless, faults=(), range=known.range) == replace(known, **timeless, faults=())


def test_a_mirror_swaps_the_sides_of_repetitions():
    reps = watch(EXERCISE, [mirrored(pose) for pose in poses_at(20)])[0].reps
    assert verdicts(reps) == [(OTHER_SIDE[side], verdict) for side, verdict in verdicts(usual())]
    assert [rep.start_s for rep in reps] == [rep.start_s for rep in usual()]
    assert [rep.view_deg for rep in reps] == [-rep.view_deg for rep in usual()]


@FEW
@given(st.lists(st.integers(1, 60), max_size=12))
def test_live_and_recorded_are_the_same_for_any_chunks(sizes):
    """There is one way in, a frame at a time: nothing may depend on when the events are collected."""
    poses = list(poses_at(20))
    outcome, moments = watch(EXERCISE, poses)
    session, collected = Session(EXERCISE), []
    rest = iter(poses)
    for size in [*sizes, len(poses)]:
        chunk = itertools.islice(rest, size)
        collected += [event for pose in chunk for event in session.step(pose)]
        session.outcome()
    session.stop(poses[-1].t_s)
    whole = [event for moment in moments for event in moment.events]
    assert [e for e in whole if isinstance(e, RepCompleted)] == [e for e in collected if isinstance(e, RepCompleted)]
    assert session.outcome().reps == outcome.reps


def blinded(poses, share, seed):
    rng = np.random.default_rng(seed)

    def blink(pose):
        points = pose.keypoints_px.copy()
        points[rng.random(len(points)) < share] = np.nan
        return replace(pose, keypoints_px=points)

    return [blink(pose) for pose in poses]


@FEW
@given(st.floats(0.0, 1.0), st.integers(0, 1000))
def test_what_is_not_seen_never_makes_a_repetition(share, seed):
    standing = Routine(EXERCISE.motion, Side.LEFT, seed=2).stand(1.0).take_position().stand(4.0)
    assert watch(EXERCISE, blinded(see(standing, 15.0, EXERCISE, fps=20), share, seed))[0].reps == []
    assert len(watch(EXERCISE, blinded(poses_at(20), share, seed))[0].reps) <= len(usual())


@FEW
@given(st.floats(0.0, 0.06), st.integers(0, 1000))
def test_a_few_lost_points_lose_nothing(share, seed):
    assert verdicts(watch(EXERCISE, blinded(poses_at(20), share, seed))[0].reps) == verdicts(usual())


# --- signals ----------------------------------------------------------------------------------------------------------


@QUICKLY
@given(
    st.lists(st.one_of(st.floats(-200, 200), st.just(math.nan)), min_size=1, max_size=200),
    st.floats(5, 60),
    st.floats(0.3, 12),
)
def test_any_signal_gives_only_sensible_movements(values, fps, max_s):
    state, levels, last_s = CounterState(), Levels(full=85.0, count_from=40.0), -math.inf
    for i, value in enumerate(values):
        span = step(state, Sample(i / fps, value), levels, max_s)
        if span is None:
            continue
        assert span.start_s <= span.peak_s <= span.hold_end_s <= span.end_s
        assert span.base < span.top
        assert span.low < span.top
        assert max(values[: i + 1]) >= levels.count_from or any(math.isnan(v) for v in values)
        assert 0 <= span.lost_fraction <= 1
        assert span.end_s > last_s
        last_s = span.end_s


@QUICKLY
@given(
    st.lists(st.one_of(st.floats(-1e4, 1e4), st.just(math.nan)), min_size=1, max_size=60),
    st.lists(st.floats(0.001, 1.0), min_size=60, max_size=60),
)
def test_smoothing_stays_between_what_was_seen(values, steps_s):
    state, t_s, seen = None, 0.0, []
    for value, step_s in zip(values, steps_s, strict=False):
        t_s += step_s
        state, out = smooth(state, t_s, np.array([value]), min_cutoff_hz=3.0, beta=0.05)
        if math.isnan(value):
            assert math.isnan(out[0])
            continue
        seen.append(value)
        assert min(seen) - 1e-6 <= out[0] <= max(seen) + 1e-6
