"""Whatever the estimator dreams up, the session neither falls over nor says what cannot be."""

import json
import math

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unslouch.analysis import account_for
from unslouch.bootstrap import load_catalogue
from unslouch.core.events import RepCompleted, SpeechKind, Spoken, Verdict
from unslouch.core.pose import N_KEYPOINTS, PoseFrame, nobody
from unslouch.exports.report import to_plain
from unslouch.exports.schema import analysis_schema
from unslouch.session import Session
from unslouch.testing.performing import perform
from unslouch.testing.routine import RepPlan

CATALOGUE = load_catalogue()
SETTINGS = settings(
    deadline=None,
    max_examples=12,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SIZE = (640, 480)


def check_events(events, poses):
    times = [event.t_s for event in events]
    assert times == sorted(times)
    for event in events:
        if isinstance(event, RepCompleted):
            rep = event.rep
            assert rep.start_s <= rep.peak_s <= rep.end_s
            assert min(rep.concentric_s, rep.hold_s, rep.eccentric_s) >= 0
            assert poses[0].t_s <= rep.start_s <= event.t_s
            assert rep.verdict is not Verdict.ATTEMPT or rep.faults
            assert all(math.isfinite(fault.value) for fault in rep.faults)
        if isinstance(event, Spoken):
            assert bool(event.text) == (event.kind is not SpeechKind.TICK)


def run(exercise, poses, target):
    session, events = Session(exercise, target_reps=target), []
    for pose in poses:
        events += session.step(pose)
        for status in session.status.sides.values():
            assert status.range_fraction is None or 0 <= status.range_fraction <= 1.2
    events += session.stop(poses[-1].t_s)
    check_events(events, poses)
    return session


def check_account(poses, exercises):
    plain = json.loads(json.dumps(to_plain("x.mp4", account_for(poses, exercises)), allow_nan=False))
    jsonschema.validate(plain, analysis_schema())


def noise_walk(rng, n_frames, fps):
    """Return points that wander, jump, collapse into one and vanish, and a clock that stutters."""
    points = rng.uniform(0, 480, (N_KEYPOINTS, 2))
    world = rng.normal(0, 0.3, (N_KEYPOINTS, 3))
    t_s, poses = 0.0, []
    for _ in range(n_frames):
        t_s += float(rng.choice([1 / fps, 1e-6, 0.0, 0.5, 5.0], p=[0.9, 0.03, 0.02, 0.04, 0.01]))
        kind = rng.choice(["walk", "jump", "one point", "nobody", "same"], p=[0.75, 0.1, 0.03, 0.07, 0.05])
        if kind == "walk":
            points = points + rng.normal(0, 12, points.shape)
            world = world + rng.normal(0, 0.05, world.shape)
        elif kind == "jump":
            points = rng.uniform(-500, 1500, points.shape)
        elif kind == "one point":
            points, world = np.full_like(points, 200.0), np.zeros_like(world)
        if kind == "nobody":
            poses.append(nobody(t_s, SIZE))
            continue
        shown = points.copy()
        shown[rng.random(N_KEYPOINTS) < 0.1] = np.nan
        poses.append(PoseFrame(t_s, SIZE, shown, np.ones(N_KEYPOINTS), world.copy()))
    return poses


@SETTINGS
@given(st.integers(0, 10_000), st.sampled_from(sorted(CATALOGUE)), st.sampled_from([None, 1, 5]))
def test_nonsense_is_survived(seed, exercise_id, target):
    poses = noise_walk(np.random.default_rng(seed), 250, fps=20)
    run(CATALOGUE[exercise_id], poses, target)
    check_account(poses, [CATALOGUE[exercise_id]])


@SETTINGS
@given(st.integers(0, 10_000), st.sampled_from(sorted(CATALOGUE)))
def test_a_real_set_with_troubles_is_survived(seed, exercise_id):
    """Frames dropped in runs, points lost at random, somebody gone for a while."""
    exercise = CATALOGUE[exercise_id]
    rng = np.random.default_rng(seed)
    poses = perform(exercise, [RepPlan()] * 3, fps=12, seed=seed, noise_px=3.0)[1]
    kept, skip = [], 0
    for pose in poses:
        skip = int(rng.integers(1, 12)) if skip == 0 and rng.random() < 0.05 else max(skip - 1, 0)
        if skip:
            continue
        kept.append(nobody(pose.t_s, pose.size_px) if rng.random() < 0.05 else pose)
    session = run(exercise, kept, None)
    assert len(session.outcome().reps) <= 3
    check_account(kept, [exercise])


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
def test_a_body_without_extent_is_survived(exercise_id):
    flat = [
        PoseFrame(i / 20, SIZE, np.full((N_KEYPOINTS, 2), 100.0), np.ones(N_KEYPOINTS), np.zeros((N_KEYPOINTS, 3)))
        for i in range(60)
    ]
    assert run(CATALOGUE[exercise_id], flat, 3).outcome().reps == []
    check_account(flat, [CATALOGUE[exercise_id]])
