"""One frame, measured: the torso as a steady yardstick, the camera's angle followed but not jittery."""

import math
from dataclasses import replace

import numpy as np
import pytest

from unslouch.core.body import HIP, SHOULDER, BodyState, measure, point_name
from unslouch.core.events import Side
from unslouch.core.motion import Keyframe, Motion
from unslouch.core.pose import Keypoint, nobody
from unslouch.testing.camera import Camera
from unslouch.testing.performing import as_network_reads
from unslouch.testing.routine import Place, Routine
from unslouch.testing.skeleton import observe

STILL = Motion((Keyframe(0.0), Keyframe(1.0)))


def standing(duration_s=3.0):
    return Routine(STILL, seed=2).stand(duration_s)


def measured(routine, view_deg=0.0, fps=30, noise_px=0.0, noise_m=0.0):
    poses = observe(routine.frames(fps), Camera(azimuth_deg=view_deg), noise_px=noise_px)
    rng = np.random.default_rng(5)
    state = BodyState()
    return [
        measure(state, replace(pose, world_m=pose.world_m + rng.normal(0, noise_m, pose.world_m.shape)))
        for pose in as_network_reads(poses, view_deg)
    ]


@pytest.mark.parametrize("view_deg", [-80, -30, 0, 45, 90])
def test_the_camera_angle_is_steady_in_noise(view_deg):
    views = [body.view_deg for body in measured(standing(), view_deg, noise_px=2.0, noise_m=0.01)][30:]
    assert np.mean(views) == pytest.approx(view_deg, abs=2.5)
    assert np.std(views) < 2.0


def test_a_turn_is_followed_within_a_few_seconds():
    routine = standing(2.0).turn(Place(yaw_deg=-40.0), 0.8).stand(3.0)
    bodies = measured(routine)
    before, after = bodies[50].view_deg, bodies[-1].view_deg
    assert before == pytest.approx(0, abs=2)
    assert abs(after) == pytest.approx(44, abs=4)
    settled = next(body.t_s for body in bodies if abs(body.view_deg - after) < 6)
    assert settled < 2.8 + 2.0


def test_the_torso_is_steady_when_its_points_are_not():
    lengths = [body.torso_px for body in measured(standing(4.0), noise_px=3.0)][60:]
    assert np.std(lengths) / np.mean(lengths) < 0.01


def test_a_step_towards_the_camera_is_followed():
    routine = standing(2.0).turn(Place(y_m=-1.0), 1.5).stand(6.0)
    bodies = measured(routine)
    assert bodies[-1].torso_px > 1.3 * bodies[40].torso_px


def test_points_have_sides_and_middles():
    body = measured(standing(0.2))[-1]
    left, right = body.point(SHOULDER, Side.LEFT), body.point(SHOULDER, Side.RIGHT)
    assert left == body.points[Keypoint.LEFT_SHOULDER]
    assert right == body.points[Keypoint.RIGHT_SHOULDER]
    assert body.middle(SHOULDER) == ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    assert body.world_point(HIP, Side.RIGHT) == body.world[Keypoint.RIGHT_HIP]
    assert point_name(Keypoint.LEFT_WRIST) == "left wrist"


def test_a_middle_needs_both_of_the_pair():
    (pose,) = observe(standing(0.1).frames(10)[:1], Camera())
    points = pose.keypoints_px.copy()
    points[Keypoint.LEFT_HIP] = np.nan
    body = measure(BodyState(), replace(pose, keypoints_px=points))
    assert math.isnan(body.middle(HIP)[0])
    assert math.isnan(body.torso_px)
    assert math.isfinite(body.middle(SHOULDER)[0])


def test_what_is_known_of_the_torso_survives_hidden_hips():
    poses = observe(standing(2.0).frames(30), Camera())
    state = BodyState()
    for pose in poses[:30]:
        known = measure(state, pose)
    points = poses[30].keypoints_px.copy()
    points[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = np.nan
    body = measure(state, replace(poses[30], keypoints_px=points))
    assert body.torso_px == known.torso_px


def test_nobody_has_no_view_and_no_torso():
    body = measure(BodyState(), nobody(0.0, (640, 480)))
    assert math.isnan(body.view_deg)
    assert math.isnan(body.torso_px)
    assert all(math.isnan(x) for x, _ in body.points)
