"""The vocabulary on bodies whose angles are known, seen from where each feature can be seen."""

import math
from dataclasses import replace

import numpy as np
import pytest

from unslouch.core.body import Body, BodyState, camera_angle_deg, measure
from unslouch.core.events import Side
from unslouch.core.features import FEATURES
from unslouch.core.motion import POSTURE_LEGS, ArmAngles, BodyAngles, TrunkAngles
from unslouch.core.pose import Keypoint, nobody
from unslouch.testing.camera import Camera
from unslouch.testing.performing import AS_PLACED, as_network_reads
from unslouch.testing.routine import Moment, Phase, Place
from unslouch.testing.skeleton import Proportions, observe

FAR = {"distance_m": 30.0, "fov_deg": 5.0, "height_m": 1.1, "look_at_m": 1.0}
"""A camera without perspective, so that picture angles are joint angles."""


def body_of(left=None, right=None, *, view_deg=0.0, trunk=None, sitting=False, person=None):
    legs = POSTURE_LEGS["floor_sitting" if sitting else "standing"]
    seat = ("floor", 1.0) if sitting else ("chair", 0.0)
    angles = BodyAngles(left or ArmAngles(), right or left or ArmAngles(), trunk or TrunkAngles(), legs, *seat)
    moment = Moment(0.0, angles, Place(), Phase.REST, 0, 0.0)
    poses = observe([moment], Camera(azimuth_deg=view_deg, **FAR), proportions=person)
    return measure(BodyState(), as_network_reads(poses, view_deg)[0])


def value(name, body, side=Side.LEFT, on="mean"):
    return FEATURES[name](body, side, on)


# --- the camera's angle -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view_deg", [-90, -45, -10, 0, 30, 60, 90])
def test_the_camera_angle_is_positive_towards_the_persons_left(view_deg):
    assert body_of(view_deg=view_deg).view_deg == pytest.approx(view_deg, abs=1.5)


@pytest.mark.parametrize(("yaw_deg", "wanted"), [(25, "-"), (-25, "+")])
def test_turning_left_moves_the_camera_to_the_persons_right(yaw_deg, wanted):
    moment = Moment(0.0, BodyAngles(), Place(yaw_deg=yaw_deg), Phase.REST, 0, 0.0)
    pose = observe([moment], Camera())[0]
    view_deg = measure(BodyState(), pose).view_deg
    assert abs(view_deg) == pytest.approx(27.5, abs=1.5)
    # A person who turns to their left shows more of their right side.
    assert math.copysign(1, view_deg) == (-1 if turns_left(yaw_deg) else 1)
    assert (view_deg > 0) == (wanted == "+")


def turns_left(yaw_deg):
    """Whether the nose goes to the person's left, which is the picture's right."""
    moment = Moment(0.0, BodyAngles(), Place(yaw_deg=yaw_deg), Phase.REST, 0, 0.0)
    points = observe([moment], Camera())[0].keypoints_px
    shoulders = (points[Keypoint.LEFT_SHOULDER] + points[Keypoint.RIGHT_SHOULDER]) / 2
    return points[Keypoint.NOSE, 0] > shoulders[0]


def test_the_nearer_side_is_the_one_the_camera_stands_at():
    assert body_of(view_deg=40).near_side is Side.LEFT
    assert body_of(view_deg=-40).near_side is Side.RIGHT


def test_a_body_without_width_has_no_camera_angle():
    assert math.isnan(camera_angle_deg([(0.0, 0.0, 0.0)] * 33))


# --- arms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("elevation", [5, 30, 70, 110, 160])
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_upper_arm_from_trunk_is_the_abduction_seen_from_the_front(elevation, side):
    body = body_of(ArmAngles(shoulder_plane_deg=90, shoulder_elevation_deg=elevation, elbow_flexion_deg=20))
    assert value("upper_arm_from_trunk_deg", body, side) == pytest.approx(elevation, abs=1.5)
    assert value("upper_arm_lowered_deg", body, side) == pytest.approx(180 - elevation, abs=1.5)


@pytest.mark.parametrize("elevation", [-35, 0, 40, 80])
@pytest.mark.parametrize(("view_deg", "side"), [(90, Side.LEFT), (-90, Side.RIGHT)])
def test_upper_arm_behind_trunk_is_the_extension_seen_from_the_side(elevation, view_deg, side):
    body = body_of(ArmAngles(shoulder_plane_deg=0, shoulder_elevation_deg=elevation), view_deg=view_deg)
    trunk_tilt_deg = value("upper_arm_behind_trunk_deg", body_of(ArmAngles(0, 0), view_deg=view_deg), side)
    got = value("upper_arm_behind_trunk_deg", body, side)
    assert got - trunk_tilt_deg == pytest.approx(-elevation, abs=2)
    assert abs(trunk_tilt_deg) < 8


@pytest.mark.parametrize("flexion", [10, 60, 100, 140])
def test_elbow_flexion_from_the_side(flexion):
    body = body_of(ArmAngles(0, 0, 0, flexion), view_deg=90)
    assert value("elbow_flexion_deg", body, Side.LEFT) == pytest.approx(flexion, abs=1)
    assert value("elbow_flexion_in_space_deg", body, Side.LEFT) == pytest.approx(flexion, abs=1)


def test_an_elbow_that_points_at_the_camera_is_not_read():
    ahead = ArmAngles(shoulder_plane_deg=0, shoulder_elevation_deg=90, elbow_flexion_deg=5)
    body = body_of(ahead)
    assert math.isnan(value("elbow_flexion_deg", body))
    assert value("elbow_flexion_in_space_deg", body) == pytest.approx(5, abs=1)


@pytest.mark.parametrize("view_deg", [-30, 0, 40])
@pytest.mark.parametrize("plane", [5, 45, 85])
def test_horizontal_abduction_is_read_in_space_from_any_view(plane, view_deg):
    body = body_of(ArmAngles(plane, 90, 0, 0), view_deg=view_deg)
    for side in (Side.LEFT, Side.RIGHT):
        for name in ("upper_arm_horizontal_abduction_deg", "shoulder_horizontal_abduction_deg"):
            assert value(name, body, side) == pytest.approx(plane, abs=1)


@pytest.mark.parametrize("view_deg", [-40, 0, 40])
def test_arms_apart_grows_all_the_way(view_deg):
    angles = [value("arms_apart_deg", body_of(ArmAngles(p, 88, 0, 5), view_deg=view_deg)) for p in range(0, 91, 10)]
    assert np.all(np.diff(angles) > 0)
    assert angles[0] < 20
    assert angles[-1] > 75


def test_hand_spread_is_the_distance_over_the_torso():
    out = body_of(ArmAngles(90, 90, 0, 0))
    p = Proportions()
    shoulders = 2 * (p.clavicle_root + p.clavicle * 0.99)
    torso = p.clavicle_root_height - 0.1 * p.clavicle
    wanted = (shoulders + 2 * (p.upper_arm + p.forearm)) / torso
    assert value("hand_spread_torsos", out) == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("turn", [-30, 0, 40, 60])
@pytest.mark.parametrize("view_deg", [0, 25])
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_forearm_turns_outwards_on_its_own_side(turn, view_deg, side):
    arm = ArmAngles(90, 0, turn, 90)
    body = body_of(arm, view_deg=view_deg if side is Side.LEFT else -view_deg, person=AS_PLACED)
    assert value("forearm_outward_turn_deg", body, side) == pytest.approx(turn, abs=4)
    in_picture_deg = turn - view_deg
    wanted = AS_PLACED.forearm / 0.27 * math.sin(math.radians(in_picture_deg))
    assert value("forearm_outward_torsos", body, side) == pytest.approx(wanted, abs=0.03)


def test_heights_are_over_what_their_names_say():
    up = body_of(ArmAngles(90, 170, 0, 0))
    assert value("wrist_above_shoulder_torsos", up) > 0.9
    assert value("wrist_above_elbow_torsos", up) > 0.4
    assert value("elbow_below_shoulder_torsos", up) < -0.4
    level = body_of(ArmAngles(90, 0, 0, 90))
    assert value("wrist_above_elbow_torsos", level) == pytest.approx(0, abs=0.03)
    assert value("elbow_below_shoulder_torsos", level) > 0.4
    hanging = body_of(ArmAngles(90, 2, 0, 0))
    assert value("wrist_above_shoulder_torsos", hanging) < -0.9


@pytest.mark.parametrize(("view_deg", "side"), [(90, Side.LEFT), (-90, Side.RIGHT)])
def test_behind_and_ahead_of_the_trunk_have_opposite_signs(view_deg, side):
    pulled = body_of(ArmAngles(0, -40, 0, 110), view_deg=view_deg)
    reached = body_of(ArmAngles(0, 70, 0, 5), view_deg=view_deg)
    assert value("elbow_behind_trunk_torsos", pulled, side) > 0.25
    assert value("elbow_behind_trunk_torsos", reached, side) < -0.3
    assert value("wrist_ahead_of_trunk_torsos", reached, side) > 0.8
    assert value("wrist_ahead_of_trunk_torsos", pulled, side) < 0.3


def test_the_hand_at_the_navel_is_near_the_trunk():
    near = body_of(ArmAngles(60, 20, -50, 90))
    far = body_of(ArmAngles(90, 90, 0, 0))
    assert value("hand_from_trunk_torsos", near) < 0.5
    assert value("hand_from_trunk_torsos", far) > 1.0


def test_the_index_finger_of_a_raised_hand_is_above_its_wrist():
    assert value("index_above_wrist_torsos", body_of(ArmAngles(90, 175, 0, 0))) > 0.1
    assert value("index_above_wrist_torsos", body_of(ArmAngles(90, 2, 0, 0))) < -0.1


# --- trunk and head ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bend", [-20, 0, 15])
def test_a_side_bend_counts_to_either_side(bend):
    body = body_of(trunk=TrunkAngles(trunk_side_bend_deg=bend))
    assert value("trunk_side_bend_deg", body, Side.BOTH) == pytest.approx(abs(bend), abs=1)


@pytest.mark.parametrize("view_deg", [-90, -50, 50, 90])
@pytest.mark.parametrize("lean", [-20, 0, 15])
def test_leaning_back_is_positive_from_both_sides(lean, view_deg):
    upright = value("trunk_lean_back_deg", body_of(view_deg=view_deg), Side.BOTH)
    body = body_of(trunk=TrunkAngles(trunk_flexion_deg=-lean), view_deg=view_deg)
    assert value("trunk_lean_back_deg", body, Side.BOTH) - upright == pytest.approx(lean, abs=2)
    forward = value("trunk_lean_forward_deg", body, Side.BOTH)
    assert forward == pytest.approx(-value("trunk_lean_back_deg", body, Side.BOTH))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_turn_of_the_trunk_to_the_working_side_is_positive(side):
    towards = 25.0 if side is Side.LEFT else -25.0
    plain, turned = body_of(), body_of(trunk=TrunkAngles(trunk_rotation_deg=towards))
    change = value("trunk_turn_to_side_deg", turned, side) - value("trunk_turn_to_side_deg", plain, side)
    assert change == pytest.approx(25, abs=2)


def test_a_shrug_brings_ear_and_shoulder_together():
    plain, shrugged = body_of(), body_of(ArmAngles(scapula_elevation_deg=20), ArmAngles())
    assert value("ear_above_shoulder_torsos", plain) - value("ear_above_shoulder_torsos", shrugged) > 0.08
    same = value("ear_above_shoulder_torsos", shrugged, Side.RIGHT)
    assert same == pytest.approx(value("ear_above_shoulder_torsos", plain, Side.RIGHT), abs=0.03)


def test_a_side_bend_is_no_shrug():
    plain, bent = body_of(), body_of(trunk=TrunkAngles(trunk_side_bend_deg=15))
    for side in (Side.LEFT, Side.RIGHT):
        change = value("ear_above_shoulder_torsos", bent, side) - value("ear_above_shoulder_torsos", plain, side)
        assert abs(change) < 0.06


@pytest.mark.parametrize(("view_deg", "side"), [(90, Side.LEFT), (45, Side.LEFT), (-45, Side.RIGHT), (-90, Side.RIGHT)])
def test_a_forward_head_goes_ahead_from_both_sides(view_deg, side):
    plain = body_of(view_deg=view_deg)
    forward = body_of(trunk=TrunkAngles(head_forward_deg=20), view_deg=view_deg)
    for name in ("ear_ahead_of_shoulder_torsos", "ear_ahead_of_hip_torsos"):
        assert value(name, forward, side) - value(name, plain, side) > 0.04


def test_sitting_and_standing_are_told_apart():
    assert value("knee_below_hip_torsos", body_of(view_deg=60)) > 0.7
    assert abs(value("knee_below_hip_torsos", body_of(view_deg=60, sitting=True))) < 0.35


# --- rules that hold for all ------------------------------------------------------------------------------------------

USES = {
    "hand_spread_torsos": ["wrist"],
    "arms_apart_deg": ["wrist", "elbow"],
    "shoulder_horizontal_abduction_deg": ["wrist"],
    "upper_arm_horizontal_abduction_deg": ["elbow"],
    "forearm_outward_torsos": ["wrist", "elbow"],
    "forearm_outward_turn_deg": ["wrist", "elbow"],
    "wrist_above_elbow_torsos": ["wrist", "elbow"],
    "wrist_above_shoulder_torsos": ["wrist", "shoulder"],
    "elbow_below_shoulder_torsos": ["elbow", "shoulder"],
    "upper_arm_from_trunk_deg": ["elbow", "shoulder", "hip"],
    "upper_arm_lowered_deg": ["elbow", "shoulder", "hip"],
    "upper_arm_behind_trunk_deg": ["elbow", "shoulder", "hip"],
    "elbow_flexion_deg": ["wrist", "elbow", "shoulder"],
    "elbow_flexion_in_space_deg": ["wrist"],
    "elbow_behind_trunk_torsos": ["elbow", "shoulder", "hip"],
    "wrist_ahead_of_trunk_torsos": ["wrist", "shoulder", "hip"],
    "ear_above_shoulder_torsos": ["ear", "shoulder", "hip"],
    "ear_ahead_of_hip_torsos": ["ear", "hip"],
    "ear_ahead_of_shoulder_torsos": ["ear", "shoulder"],
    "trunk_lean_back_deg": ["shoulder", "hip"],
    "trunk_lean_forward_deg": ["shoulder", "hip"],
    "trunk_side_bend_deg": ["shoulder", "hip"],
    "knee_below_hip_torsos": ["knee", "hip"],
    "hand_from_trunk_torsos": ["wrist", "shoulder", "hip"],
    "index_above_wrist_torsos": ["index", "wrist"],
}
"""The points that each feature cannot do without; the turn of the trunk is read in space alone."""


def hidden(body, joint):
    points = list(body.points)
    for side in ("LEFT", "RIGHT"):
        points[Keypoint[f"{side}_{joint.upper()}"]] = (math.nan, math.nan)
    return replace(body, points=points)


def test_every_feature_says_what_it_needs():
    assert set(FEATURES) - set(USES) == {"trunk_turn_to_side_deg"}


@pytest.mark.parametrize(("name", "joint"), [(name, joint) for name, joints in USES.items() for joint in joints])
def test_a_feature_is_not_seen_without_a_point_it_needs(name, joint):
    body = body_of(ArmAngles(80, 60, 60, 40), view_deg=20)
    for side in (Side.LEFT, Side.RIGHT):
        assert math.isfinite(value(name, body, side))
        assert math.isnan(value(name, hidden(body, joint), side))


@pytest.mark.parametrize("feature", FEATURES.values(), ids=lambda f: f.name)
def test_nobody_has_no_features(feature):
    body = measure(BodyState(), nobody(0.0, (640, 480)))
    for side in Side:
        assert math.isnan(feature(body, side))


@pytest.mark.parametrize("feature", FEATURES.values(), ids=lambda f: f.name)
def test_a_feature_says_its_unit_in_its_name(feature):
    assert feature.name.endswith({"deg": "_deg", "torso": "_torsos"}[feature.unit])
    assert feature.doc.endswith(".")


def test_both_sides_are_the_mean_the_worst_or_the_near_one():
    body = body_of(ArmAngles(90, 20), ArmAngles(90, 60), view_deg=10)
    left, right = (value("upper_arm_from_trunk_deg", body, side) for side in (Side.LEFT, Side.RIGHT))
    assert value("upper_arm_from_trunk_deg", body, Side.BOTH) == pytest.approx((left + right) / 2)
    assert value("upper_arm_from_trunk_deg", body, Side.BOTH, "worst") == max(left, right) == right
    assert value("upper_arm_from_trunk_deg", body, Side.BOTH, "near") == left


def test_of_both_sides_the_one_that_is_seen_speaks():
    body = body_of(ArmAngles(90, 20), ArmAngles(90, 60))
    points = list(body.points)
    points[Keypoint.RIGHT_ELBOW] = (math.nan, math.nan)
    body = replace(body, points=points)
    left = value("upper_arm_from_trunk_deg", body, Side.LEFT)
    for on in ("mean", "worst"):
        assert value("upper_arm_from_trunk_deg", body, Side.BOTH, on) == left


def test_lengths_are_in_torsos_of_a_steady_torso():
    camera = Camera(**FAR)
    straight = Moment(0.0, BodyAngles(), Place(), Phase.REST, 0, 0.0)
    poses = observe([replace(straight, t_s=i / 30) for i in range(60)], camera)
    state = BodyState()
    for pose in poses:
        body = measure(state, pose)
    shoulders, hips = body.middle(11), body.middle(23)
    assert body.torso_px == pytest.approx(math.dist(shoulders, hips), rel=0.01)
    assert isinstance(body, Body)
