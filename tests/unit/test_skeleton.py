"""The synthetic person: known angles come out where they went in, and the script says what happened."""

from dataclasses import replace

import numpy as np
import pytest

from unslouch.core.events import Phase, Side
from unslouch.core.motion import ArmAngles, BodyAngles, Keyframe, Motion, TrunkAngles
from unslouch.core.pose import Keypoint
from unslouch.testing.camera import Camera
from unslouch.testing.routine import Place, RepPlan, Routine, jittered
from unslouch.testing.skeleton import Proportions, joints_m, keypoints_m, observe, placed_m

OUT_LEFT, FORWARD, UP = np.array([1, 0, 0]), np.array([0, -1, 0]), np.array([0, 0, 1])
CURL = Motion(
    keyframes=(
        Keyframe(at=-1.0, both={"elbow_flexion_deg": 0}),
        Keyframe(at=0.0, both={"shoulder_elevation_deg": 4, "elbow_flexion_deg": 15}),
        Keyframe(at=1.0, both={"elbow_flexion_deg": 135}),
    )
)


def arm(points, side="left"):
    shoulder, elbow, wrist = (points[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist"))
    return [(v / np.linalg.norm(v)) for v in (elbow - shoulder, wrist - elbow)]


def angle_deg(a, b):
    return np.degrees(np.arccos(np.clip(a @ b, -1, 1)))


@pytest.mark.parametrize(
    ("plane", "elevation", "rotation", "upper", "fore"),
    [
        (0, 0, 0, -UP, FORWARD),
        (0, 0, 90, -UP, OUT_LEFT),
        (90, 0, 0, -UP, FORWARD),
        (0, 90, 0, FORWARD, UP),
        (0, 90, -90, FORWARD, -OUT_LEFT),
        (90, 90, 0, OUT_LEFT, FORWARD),
        (90, 90, 90, OUT_LEFT, UP),
        (0, -45, 0, (-UP - FORWARD) / 2**0.5, (FORWARD - UP) / 2**0.5),
    ],
)
def test_shoulder_angles_mean_what_the_vocabulary_says(plane, elevation, rotation, upper, fore):
    bent = ArmAngles(plane, elevation, rotation, elbow_flexion_deg=90)
    points = joints_m(BodyAngles(left=bent, right=bent), Proportions())
    got_upper, got_fore = arm(points, "left")
    np.testing.assert_allclose(got_upper, upper, atol=1e-9)
    np.testing.assert_allclose(got_fore, fore, atol=1e-9)
    mirror = np.array([-1, 1, 1])
    np.testing.assert_allclose(arm(points, "right"), [upper * mirror, fore * mirror], atol=1e-9)


@pytest.mark.parametrize("flexion", [0, 30, 90, 145])
def test_elbow_flexion_is_the_angle_between_the_segments(flexion):
    body = BodyAngles(left=ArmAngles(40, 70, 20, flexion), trunk=TrunkAngles(12, 9, -7, 15))
    upper, fore = arm(joints_m(body, Proportions()))
    assert angle_deg(upper, fore) == pytest.approx(flexion, abs=1e-5)


def test_the_body_is_symmetric_and_stands_on_the_floor():
    points = joints_m(BodyAngles(), Proportions(height_m=1.8))
    for name in ("shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "ear", "heel"):
        np.testing.assert_allclose(points[f"left_{name}"] * [-1, 1, 1], points[f"right_{name}"], atol=1e-9)
    assert -0.01 < min(p[2] for p in points.values()) < 0.05
    assert points["nose"][2] == pytest.approx(1.8 * 0.92, abs=0.05)


def test_leans_turns_shrugs_go_the_way_their_names_say():
    plain = joints_m(BodyAngles(), Proportions())
    moved = {
        name: joints_m(BodyAngles(trunk=replace(TrunkAngles(), **{name: 20.0})), Proportions())
        for name in ("trunk_flexion_deg", "trunk_rotation_deg", "trunk_side_bend_deg", "head_forward_deg")
    }
    assert moved["trunk_flexion_deg"]["nose"][1] < plain["nose"][1] - 0.1
    assert moved["trunk_rotation_deg"]["left_shoulder"][1] > plain["left_shoulder"][1] + 0.03
    assert moved["trunk_side_bend_deg"]["nose"][0] > 0.1
    assert moved["head_forward_deg"]["nose"][1] < plain["nose"][1] - 0.02
    np.testing.assert_allclose(moved["head_forward_deg"]["left_shoulder"], plain["left_shoulder"])
    shrugged = joints_m(BodyAngles(left=ArmAngles(scapula_elevation_deg=20)), Proportions())
    assert shrugged["left_shoulder"][2] > plain["left_shoulder"][2] + 0.03
    back = joints_m(BodyAngles(right=ArmAngles(scapula_retraction_deg=15)), Proportions())
    assert back["right_shoulder"][1] > plain["right_shoulder"][1] + 0.02


def test_the_camera_sees_the_left_side_from_the_left():
    points = keypoints_m(BodyAngles())
    front, left = (Camera(azimuth_deg=a) for a in (0, 90))
    pixels = front.project(points)
    assert pixels[Keypoint.LEFT_SHOULDER, 0] > pixels[Keypoint.RIGHT_SHOULDER, 0]
    assert pixels[Keypoint.NOSE, 1] < pixels[Keypoint.LEFT_HIP, 1]
    assert left.in_camera_m(points)[Keypoint.LEFT_HIP, 2] < left.in_camera_m(points)[Keypoint.RIGHT_HIP, 2]
    assert left.project(points)[Keypoint.NOSE, 0] < left.project(points)[Keypoint.LEFT_EAR, 0]


def test_a_metre_is_as_many_pixels_as_the_focal_length_says():
    camera = Camera(distance_m=3.0, height_m=1.0, look_at_m=1.0)
    a, b = camera.project(np.array([[0, 0, 1.0], [1.0, 0, 1.0]]))
    assert b[0] - a[0] == pytest.approx(camera.focal_px / 3.0)
    assert np.isnan(camera.project(np.array([[0, -4.0, 1.0]]))).all()


def test_a_routine_tells_what_happened():
    routine = Routine(CURL, sway=0).stand(1.0).take_position(1.0, 0.8)
    routine.reps([RepPlan(1.0, 0.5, 2.0, 0.5), RepPlan(1.0, 0.5, 2.0, 0.5, faults={"partial-range": 0.4})]).relax()
    first, second = routine.truth
    assert (first.start_s, first.peak_s, first.hold_end_s, first.end_s) == pytest.approx((3.3, 4.3, 4.8, 6.8))
    assert (first.reach, second.reach, second.index, second.side) == (1.0, 0.6, 2, Side.BOTH)
    at_top = routine.at(4.5)
    assert (at_top.phase, at_top.rep, at_top.progress) == (Phase.HOLD, 1, 1.0)
    assert at_top.body.left.elbow_flexion_deg == pytest.approx(135)
    assert routine.at(0.5).rep == 0
    assert len(routine.frames(15.0)) == pytest.approx(routine.duration_s * 15, abs=2)


def test_a_slack_repetition_goes_beyond_the_start():
    routine = Routine(CURL, sway=0).take_position().reps([RepPlan(faults={"slack": 1.0}), RepPlan()])
    end_s = routine.truth[0].end_s
    assert routine.at(end_s - 1e-6).body.left.elbow_flexion_deg == pytest.approx(0, abs=0.01)
    assert routine.at(routine.truth[1].start_s).body.left.elbow_flexion_deg == pytest.approx(15)


def test_a_fast_release_is_short_against_the_pull():
    (truth,) = Routine(CURL).reps([RepPlan(concentric_s=2.0, faults={"fast-release": 0.7})]).truth
    assert truth.end_s - truth.hold_end_s == pytest.approx(0.6)


def test_nothing_jumps():
    routine = Routine(CURL, seed=3).walk_in().adjust_band().scratch_head().take_position()
    routine.reps([RepPlan(), RepPlan(faults={"rounded-shoulders": 18, "shrug": 20}), RepPlan()]).turn_away().walk_out()
    frames = [placed_m(moment) for moment in routine.frames(40.0)]
    speed_m_s = np.linalg.norm(np.diff(frames, axis=0), axis=2) * 40.0
    assert speed_m_s.max() < 4.0


def test_a_sitting_exercise_is_walked_to_and_sat_down_for():
    sitting = Motion(keyframes=(Keyframe(at=0.0), Keyframe(at=1.0)), posture="floor_sitting")
    routine = Routine(sitting, sway=0).walk_in().stand(0.5)
    first, last = (joints_m(routine.at(t).body, Proportions()) for t in (0.0, 99.0))
    assert first["left_hip"][2] > 0.8
    assert last["left_hip"][2] == pytest.approx(0.10)
    heights = [placed_m(m)[Keypoint.LEFT_HIP, 2] for m in routine.frames(30)]
    assert np.abs(np.diff(heights)).max() < 0.05


def test_walking_in_starts_outside_the_picture_and_ends_on_the_mark():
    routine = Routine(CURL).walk_in(x_m=2.2).stand(0.5)
    poses = observe(routine.frames(10.0), Camera())
    assert not poses[0].somebody
    assert poses[-1].somebody
    assert routine.at(99.0).place == Place()
    with pytest.raises(ValueError, match="at the beginning"):
        routine.walk_in()


def test_observed_pose_is_consistent_in_pixels_and_metres():
    camera = Camera(azimuth_deg=35)
    moment = Routine(CURL).stand(1.0).at(0.3)
    (pose,) = observe([moment], camera)
    assert pose.size_px == camera.size_px
    hips = (pose.world_m[Keypoint.LEFT_HIP] + pose.world_m[Keypoint.RIGHT_HIP]) / 2
    np.testing.assert_allclose(hips, 0, atol=1e-9)
    assert pose.world_m[Keypoint.NOSE, 1] < -0.4
    assert (np.diff(pose.keypoints_px[[Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER], 0]) > 0).all()


def test_noise_is_seeded():
    moments = Routine(CURL).stand(0.5).frames(10)
    again = [observe(moments, Camera(), noise_px=2.0, seed=s)[0].keypoints_px for s in (1, 1, 2)]
    np.testing.assert_array_equal(again[0], again[1])
    assert not np.allclose(again[0], again[2])


def test_jitter_varies_tempo_and_never_exceeds_the_range():
    plans = jittered(RepPlan(), 200, seed=5)
    assert max(p.reach for p in plans) <= 1.0
    assert min(p.reach for p in plans) >= 0.9
    tempo = np.array([p.concentric_s for p in plans])
    assert 1.5 * np.exp(-0.2) <= tempo.min() < 1.35
    assert jittered(RepPlan(), 5, seed=5) == plans[:5]


def test_varied_people_differ_and_stay_human():
    rng = np.random.default_rng(0)
    people = [Proportions.varied(rng) for _ in range(50)]
    heights = [p.height_m for p in people]
    assert 1.4 < min(heights) < max(heights) < 2.1
    assert len({p.upper_arm for p in people}) == 50
