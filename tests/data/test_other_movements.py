"""What is not the exercise is not counted, however much the arms move."""

import pytest

from unslouch.analysis import account_for, watch
from unslouch.bootstrap import load_catalogue
from unslouch.core.events import Side
from unslouch.core.motion import Keyframe, Motion
from unslouch.testing.performing import see
from unslouch.testing.routine import RepPlan, Routine

CATALOGUE = load_catalogue()


def movement(start, top, *, trunk=None, legs=None):
    return Motion((Keyframe(0.0, both=start), Keyframe(1.0, both=top, trunk=trunk or {}, legs=legs or {})))


OTHERS = {
    "lateral raise": movement({"shoulder_plane_deg": 80, "shoulder_elevation_deg": 8}, {"shoulder_elevation_deg": 90}),
    "front raise": movement({"shoulder_plane_deg": 10, "shoulder_elevation_deg": 8}, {"shoulder_elevation_deg": 95}),
    "overhead press": movement(
        {"shoulder_plane_deg": 60, "shoulder_elevation_deg": 40, "shoulder_rotation_deg": 40, "elbow_flexion_deg": 140},
        {"shoulder_elevation_deg": 170, "elbow_flexion_deg": 15},
    ),
    "both arms pulled down": movement(
        {"shoulder_plane_deg": 60, "shoulder_elevation_deg": 165, "elbow_flexion_deg": 10},
        {"shoulder_elevation_deg": 35, "shoulder_rotation_deg": 60, "elbow_flexion_deg": 105},
    ),
    "squat": movement(
        {}, {}, trunk={"trunk_flexion_deg": 40}, legs={"thigh_elevation_deg": 80, "knee_flexion_deg": 95}
    ),
    "bow": movement({}, {}, trunk={"trunk_flexion_deg": 60}),
    "turn of the trunk": movement({"elbow_flexion_deg": 90}, {}, trunk={"trunk_rotation_deg": 45}),
    "row on one's feet": movement(
        {"shoulder_plane_deg": 5, "shoulder_elevation_deg": 60, "elbow_flexion_deg": 8},
        {"shoulder_elevation_deg": -35, "elbow_flexion_deg": 105},
    ),
}


def watched(motion, view_deg, exercise):
    routine = Routine(motion, Side.BOTH, seed=1).stand(0.8).take_position().reps([RepPlan()] * 2).relax()
    return see(routine, view_deg, exercise, fps=10)


@pytest.mark.parametrize("exercise_id", sorted(CATALOGUE))
@pytest.mark.parametrize("name", OTHERS)
def test_another_movement_is_no_repetition(name, exercise_id):
    exercise = CATALOGUE[exercise_id]
    poses = watched(OTHERS[name], exercise.view.guide_to, exercise)
    assert watch(exercise, poses)[0].reps == []


@pytest.mark.parametrize("name", OTHERS)
def test_another_movement_is_not_recognised_as_any(name):
    account = account_for(watched(OTHERS[name], 20.0, CATALOGUE["band-row"]), list(CATALOGUE.values()))
    assert account.exercise is None
