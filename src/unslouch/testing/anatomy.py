"""Joint angles to directions: the geometry that the skeleton and the rendered athlete share.

World frame, m: x to the person's left when they face the default camera, -y the way they face, z up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from unslouch.core.motion import ArmAngles, BodyAngles, TrunkAngles
    from unslouch.core.pose import FloatArray

LEFT, RIGHT = 1.0, -1.0
"""The sign of a side's outward direction along x."""

X = np.array([1.0, 0.0, 0.0])
Y = np.array([0.0, 1.0, 0.0])
Z = np.array([0.0, 0.0, 1.0])
FORWARD = -Y


def unit(vector: FloatArray) -> FloatArray:
    """Scale a vector to length 1; a zero vector stays zero."""
    length = math.sqrt(float(vector @ vector))
    return np.asarray(vector / length if length > 1e-12 else vector, dtype=np.float64)


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Cross product of two single vectors; numpy's own is built for many and ten times as slow for one."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def rotation(axis: FloatArray, deg: float) -> FloatArray:
    """Rotation matrix about an axis, right-handed (Rodrigues)."""
    x, y, z = unit(axis).tolist()
    angle = math.radians(deg)
    s, c = math.sin(angle), math.cos(angle)
    k = 1.0 - c
    return np.array(
        [
            [c + k * x * x, k * x * y - s * z, k * x * z + s * y],
            [k * x * y + s * z, c + k * y * y, k * y * z - s * x],
            [k * x * z - s * y, k * y * z + s * x, c + k * z * z],
        ]
    )


def swing(start: FloatArray, end: FloatArray) -> FloatArray:
    """Smallest rotation that takes one direction to another."""
    start, end = unit(start), unit(end)
    axis = cross(start, end)
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return np.eye(3) if start @ end > 0 else rotation(X, 180.0)
    return rotation(axis, float(np.degrees(np.arctan2(length, start @ end))))


def part_of_turn(turn: FloatArray, share: float) -> FloatArray:
    """Go only a share of the way of a rotation."""
    deg = float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1.0, 1.0))))
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    return rotation(axis, share * deg) if deg > 1e-6 else np.eye(3)


def pitch(deg: float) -> FloatArray:
    """Rotation that leans an upright segment forward."""
    return rotation(X, deg)


@dataclass(frozen=True, slots=True)
class ArmDirections:
    """Unit vectors of one arm in the trunk's frame.

    Attributes
    ----------
    upper, fore : along the upper arm and the forearm, away from the body.
    bend : where the forearm goes when the elbow bends; perpendicular to `upper`.
    thumb, palm : the way the thumb and the palm face; perpendicular to `fore`.
    """

    upper: FloatArray
    fore: FloatArray
    bend: FloatArray
    thumb: FloatArray
    palm: FloatArray


def arm_directions(arm: ArmAngles, side: float) -> ArmDirections:
    """Directions of one arm, in the frame of an upright trunk, from its joint angles."""
    outward = side * X
    plane = np.radians(arm.shoulder_plane_deg)
    raise_to = np.cos(plane) * FORWARD + np.sin(plane) * outward
    raised = rotation(cross(-Z, raise_to), arm.shoulder_elevation_deg)
    turn = np.radians(arm.shoulder_rotation_deg)
    upper = raised @ -Z
    bend = raised @ (np.cos(turn) * FORWARD + np.sin(turn) * outward)
    flexion = np.radians(arm.elbow_flexion_deg)
    fore = np.cos(flexion) * upper + np.sin(flexion) * bend
    thumb = np.cos(flexion) * bend - np.sin(flexion) * upper
    palm = side * cross(fore, thumb)
    pronation = np.radians(arm.forearm_pronation_deg)
    return ArmDirections(
        upper,
        fore,
        bend,
        np.cos(pronation) * thumb + np.sin(pronation) * palm,
        np.cos(pronation) * palm - np.sin(pronation) * thumb,
    )


def trunk_frame(trunk: TrunkAngles) -> FloatArray:
    """Orientation of the trunk, without the rounding of the upper back: lean, then bend, then turn.

    Turn and bend are + towards the person's left.
    """
    lean = pitch(trunk.trunk_flexion_deg)
    return np.asarray(
        lean @ rotation(Y, trunk.trunk_side_bend_deg) @ rotation(Z, trunk.trunk_rotation_deg), dtype=np.float64
    )


def clavicle_turn(arm: ArmAngles, side: float) -> FloatArray:
    """Rotation of the clavicle that lifts and draws back the shoulder."""
    lift = rotation(-side * Y, arm.scapula_elevation_deg)
    draw_back = rotation(side * Z, arm.scapula_retraction_deg)
    return np.asarray(lift @ draw_back, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LegFrames:
    """Orientation in the world of the segments of one leg; with the identity they hang straight, toes forward."""

    thigh: FloatArray
    shank: FloatArray
    foot: FloatArray


def leg_frames(body: BodyAngles, side: float) -> LegFrames:
    """Orientation of one leg's segments; sitting on the floor, the toes point up."""
    legs = body.legs
    stride = legs.stride_deg * side
    thigh = rotation(-side * Y, legs.thigh_abduction_deg) @ pitch(-legs.thigh_elevation_deg - stride)
    shank = thigh @ pitch(legs.knee_flexion_deg + max(0.0, -stride))
    toes_up = -75.0 * body.seated if body.seat == "floor" else 0.0
    return LegFrames(thigh, shank, rotation(side * Z, FOOT_OUT_DEG) @ pitch(toes_up))


FOOT_OUT_DEG = 8.0

SEAT_BEHIND_M = {"floor": 0.0, "chair": 0.35}
"""How far behind the mark, where one stands, the hips are when sitting."""
