"""The posed body: angles come out where they went in, feet stand on the floor, no limb goes through the trunk."""

from pathlib import Path

import numpy as np
import pytest
from unslouch_athlete.body import Body
from unslouch_athlete.clothes import Material
from unslouch_athlete.script import read_exercise
from unslouch_athlete.shapes import LOOKS, SHAPES

from unslouch.core.events import Side
from unslouch.core.motion import ArmAngles, BodyAngles, TrunkAngles, pose_at
from unslouch.testing.anatomy import arm_directions, unit
from unslouch.testing.routine import Place

ROOT = Path(__file__).resolve().parents[3]
EXERCISES = sorted((ROOT / "src" / "unslouch" / "data" / "exercises").glob("*.toml"))
HERE = Place()


@pytest.fixture(scope="module")
def bodies():
    return {name: Body(name) for name in SHAPES}


def test_every_shape_has_a_look_and_a_small_file():
    assert set(SHAPES) == set(LOOKS)
    files = list((ROOT / "packages/unslouch-athlete/src/unslouch_athlete/data").glob("*.npz"))
    assert len(files) == len(SHAPES) + 1
    assert max(f.stat().st_size for f in files) < 400_000


def test_heights_are_human(bodies):
    assert all(1.5 < body.height_m < 1.95 for body in bodies.values())


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_arms_point_where_the_angles_say(bodies, name):
    arm = ArmAngles(70, 95, -20, 65, 30)
    posed = bodies[name].pose(BodyAngles(left=arm, right=arm), HERE, holding=False)
    for side_name, side in (("left", 1.0), ("right", -1.0)):
        joints = [posed.joints_m[f"{side_name}_{joint}"] for joint in ("shoulder", "elbow", "wrist")]
        wanted = arm_directions(arm, side)
        np.testing.assert_allclose(unit(joints[1] - joints[0]), wanted.upper, atol=0.01)
        np.testing.assert_allclose(unit(joints[2] - joints[1]), wanted.fore, atol=0.01)


def test_a_mirrored_pose_gives_a_mirrored_body(bodies):
    one, other = ArmAngles(30, 60, 20, 80), ArmAngles(90, 10, -30, 40)
    trunk, mirrored = TrunkAngles(5, 12, -8), TrunkAngles(5, -12, 8)
    a = bodies["woman"].pose(BodyAngles(one, other, trunk), HERE, holding=True)
    b = bodies["woman"].pose(BodyAngles(other, one, mirrored), HERE, holding=True)
    for joint in ("shoulder", "elbow", "wrist", "index", "hip", "ankle"):
        np.testing.assert_allclose(a.joints_m[f"left_{joint}"] * [-1, 1, 1], b.joints_m[f"right_{joint}"], atol=0.002)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_it_stands_on_the_floor_with_every_keypoint_in_place(bodies, name):
    posed = bodies[name].pose(BodyAngles(), HERE, holding=False)
    assert posed.vertices_m[:, 2].min() == pytest.approx(0.0, abs=1e-9)
    points = posed.keypoints_m()
    assert points.shape == (33, 3)
    assert np.isfinite(points).all()
    joints = posed.joints_m
    assert joints["nose"][2] > joints["left_shoulder"][2] > joints["left_hip"][2] > joints["left_knee"][2]
    assert joints["left_ear"][0] > joints["left_eye_outer"][0] > joints["left_eye_inner"][0] > 0
    assert joints["nose"][1] < joints["mouth_left"][1] < joints["left_ear"][1]
    assert joints["left_foot_index"][1] < joints["left_ankle"][1] < joints["left_heel"][1]


def test_place_moves_and_turns_the_body(bodies):
    there = bodies["man"].pose(BodyAngles(), Place(1.0, 0.5, 90.0), holding=False)
    ankles = (there.joints_m["left_ankle"] + there.joints_m["right_ankle"]) / 2
    np.testing.assert_allclose(ankles[:2], [1.0, 0.5], atol=1e-6)
    assert there.joints_m["nose"][0] > 1.05


def test_a_closed_hand_is_smaller_than_an_open_one(bodies):
    arm = ArmAngles(0, 90)
    reach = [
        -bodies["woman"].pose(BodyAngles(left=arm, right=arm), HERE, holding=holding).vertices_m[:, 1].min()
        for holding in (True, False)
    ]
    assert reach[0] < reach[1] - 0.02


def depth_inside_m(points, surface, normals):
    """How deep each point lies under the surface, by its nearest vertex; negative outside."""
    distance = np.linalg.norm(surface[None] - points[:, None], axis=2)
    nearest = distance.argmin(axis=1)
    return -np.einsum("ij,ij->i", points - surface[nearest], normals[nearest])


@pytest.mark.parametrize("path", EXERCISES, ids=lambda p: p.stem)
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_no_hand_or_forearm_goes_through_the_body(bodies, path, name):
    body, exercise = bodies[name], read_exercise(path)
    solid = ((body.material == Material.SHIRT) & ~body.on_arm) | (body.material == Material.TROUSERS)
    side = Side.RIGHT if exercise.sides.startswith("one") else Side.BOTH
    for progress in np.linspace(0.0, 1.0, 9):
        posed = body.pose(pose_at(exercise.motion, float(progress), side), HERE, holding=True)
        joints = posed.joints_m
        limbs = [joints[f"{s}_{joint}"] for s in ("left", "right") for joint in ("hand", "wrist")]
        limbs += [(joints[f"{s}_wrist"] + joints[f"{s}_elbow"]) / 2 for s in ("left", "right")]
        depth = depth_inside_m(np.array(limbs), posed.vertices_m[solid], posed.normals[solid])
        assert depth.max() < -0.015, f"{name}, {exercise.id} at {progress:.2f}: {depth.round(3)}"
