"""The motion vocabulary: interpolation, sides, limits and faults."""

from dataclasses import fields
from typing import get_args

import pytest

from unslouch.core import motion as m
from unslouch.core.events import Side

ONE_SIDED = m.Motion(
    keyframes=(
        m.Keyframe(at=-1.0, working={"shoulder_rotation_deg": -45}),
        m.Keyframe(
            at=0.0,
            both={"elbow_flexion_deg": 90},
            working={"shoulder_rotation_deg": -25},
            other={"elbow_flexion_deg": 80},
            trunk={"trunk_rotation_deg": 4, "trunk_side_bend_deg": 2},
        ),
        m.Keyframe(at=1.0, working={"shoulder_rotation_deg": 55}, trunk={"trunk_flexion_deg": 10}),
    )
)


@pytest.mark.parametrize(
    ("names", "angles"), [(m.ArmAngle, m.ArmAngles), (m.TrunkAngle, m.TrunkAngles), (m.LegAngle, m.LegAngles)]
)
def test_every_angle_has_one_name_and_a_limit(names, angles):
    assert get_args(names) == tuple(f.name for f in fields(angles))
    assert set(get_args(names)) <= set(m.LIMITS_DEG)


@pytest.mark.parametrize(("progress", "rotation"), [(-1, -45), (-0.5, -35), (0, -25), (0.5, 15), (1, 55), (1.4, 55)])
def test_angles_are_interpolated_and_held_at_the_ends(progress, rotation):
    assert m.pose_at(ONE_SIDED, progress, Side.LEFT).left.shoulder_rotation_deg == pytest.approx(rotation)


def test_an_angle_named_once_holds_and_one_never_named_is_neutral():
    arm = m.pose_at(ONE_SIDED, 0.7, Side.LEFT).left
    assert arm.elbow_flexion_deg == 90
    assert arm.shoulder_elevation_deg == m.ArmAngles().shoulder_elevation_deg


def test_the_working_side_works_and_the_other_holds():
    left, right = (m.pose_at(ONE_SIDED, 1.0, side) for side in (Side.LEFT, Side.RIGHT))
    assert (left.left, left.right) == (right.right, right.left)
    assert left.left.elbow_flexion_deg == 90
    assert left.right.elbow_flexion_deg == 80
    both = m.pose_at(ONE_SIDED, 1.0, Side.BOTH)
    assert both.left == both.right == left.left


def test_turns_and_bends_go_towards_the_working_side_and_leans_do_not():
    left, right = (m.pose_at(ONE_SIDED, 1.0, side).trunk for side in (Side.LEFT, Side.RIGHT))
    assert (left.trunk_rotation_deg, left.trunk_side_bend_deg, left.trunk_flexion_deg) == (4, 2, 10)
    assert (right.trunk_rotation_deg, right.trunk_side_bend_deg, right.trunk_flexion_deg) == (-4, -2, 10)


def test_posture_gives_the_legs_unless_a_keyframe_does():
    sitting = m.Motion(keyframes=(m.Keyframe(at=0.0), m.Keyframe(at=1.0)), posture="floor_sitting")
    assert m.pose_at(sitting, 0.0, Side.BOTH).legs == m.POSTURE_LEGS["floor_sitting"]
    bent = m.Motion(keyframes=(m.Keyframe(at=0.0, legs={"knee_flexion_deg": 40}),), posture="floor_sitting")
    assert m.pose_at(bent, 0.0, Side.BOTH).legs.knee_flexion_deg == 40


def test_blend_mixes_every_angle():
    start, end = m.BodyAngles(), m.pose_at(ONE_SIDED, 1.0, Side.LEFT)
    assert m.blend(start, end, 0.0) == start
    assert m.blend(start, end, 1.0) == end
    assert m.blend(start, end, 0.5).left.elbow_flexion_deg == (10 + 90) / 2


def test_problems_name_the_key():
    bad = m.Motion(
        keyframes=(
            m.Keyframe(at=0.0, both={"elbow_flexion_deg": -20}),
            m.Keyframe(at=-0.5, trunk={"trunk_flexion_deg": 200}),
            m.Keyframe(at=3.0),
        )
    )
    text = "\n".join(m.motion_problems(bad))
    for key in ("keyframes.0.both.elbow_flexion_deg", "keyframes.1.trunk.trunk_flexion_deg", "keyframes.2.at"):
        assert key in text
    assert "must grow" in text
    assert "the top (at = 1.0)" in text
    assert m.motion_problems(ONE_SIDED) == ()


def test_a_shrug_grows_with_progress_on_the_working_side_only():
    clean = m.pose_at(ONE_SIDED, 0.5, Side.RIGHT)
    shrugged = m.apply_fault(clean, "shrug", 20.0, 0.5, Side.RIGHT)
    assert shrugged.right.scapula_elevation_deg == clean.right.scapula_elevation_deg + 10
    assert shrugged.left == clean.left
    assert shrugged.trunk == clean.trunk


def test_rounded_shoulders_are_there_all_the_time():
    clean = m.pose_at(ONE_SIDED, 0.0, Side.LEFT)
    rounded = m.apply_fault(clean, "rounded-shoulders", 10.0, 0.0, Side.LEFT)
    assert rounded.trunk.thoracic_flexion_deg == 10
    assert rounded.left.scapula_retraction_deg == -9


@pytest.mark.parametrize(("side", "sign"), [(Side.LEFT, 1), (Side.RIGHT, -1), (Side.BOTH, 1)])
def test_turning_the_trunk_goes_towards_the_working_side(side, sign):
    clean = m.BodyAngles()
    assert m.apply_fault(clean, "trunk-turn", 25, 1.0, side).trunk.trunk_rotation_deg == sign * 25


def test_a_fault_stays_within_what_a_body_can_do():
    straight = m.BodyAngles(left=m.ArmAngles(elbow_flexion_deg=5))
    assert m.apply_fault(straight, "elbow-angle", 40, 1.0, Side.LEFT).left.elbow_flexion_deg == 0


@pytest.mark.parametrize("fault", sorted(m.FAULTS))
def test_every_fault_of_its_typical_size_changes_something(fault):
    effect = m.FAULTS[fault]
    body = m.pose_at(ONE_SIDED, 1.0, Side.LEFT)
    faulty = m.apply_fault(body, fault, effect.typical, 1.0, Side.LEFT)
    sizes = {fault: effect.typical}
    timing = (m.top_of_range(sizes), m.bottom_of_range(sizes), m.release_s(1.5, 2.0, sizes))
    assert faulty != body or timing != (1.0, 0.0, 2.0)
    assert m.apply_fault(body, fault, 0.0, 1.0, Side.LEFT) == body


def test_range_and_tempo_faults():
    assert m.top_of_range({"partial-range": 0.4}) == pytest.approx(0.6)
    assert m.bottom_of_range({"slack": 0.5}) == -0.5
    assert m.release_s(2.0, 2.5, {"fast-release": 0.75}) == pytest.approx(0.5)
    assert m.release_s(2.0, 2.5, {}) == 2.5
