"""A synthetic person without a picture: joint angles to the 33 keypoints, in metres and in the camera's pixels.

Proportions are shares of the height, the means of four adult bodies made with MakeHuman's CC0 shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.pose import N_KEYPOINTS, FloatArray, Keypoint, PoseFrame
from unslouch.testing.anatomy import (
    LEFT,
    RIGHT,
    SEAT_BEHIND_M,
    X,
    Z,
    arm_directions,
    clavicle_turn,
    leg_frames,
    pitch,
    rotation,
    trunk_frame,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unslouch.core.motion import BodyAngles
    from unslouch.testing.camera import Camera
    from unslouch.testing.routine import Moment

Points = dict[str, FloatArray]

SEAT_M = {"floor": 0.10, "chair": 0.53}
"""Height of the hip joints above the floor, m, where the feet do not carry."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """Lengths as shares of the height."""

    height_m: float = 1.72
    upper_arm: float = 0.153
    forearm: float = 0.140
    hand: float = 0.063
    thigh: float = 0.229
    shank: float = 0.252
    ankle: float = 0.047
    hip_half_width: float = 0.060
    chest: float = 0.205
    clavicle_root: float = 0.013
    clavicle_root_height: float = 0.279
    clavicle: float = 0.088
    neck_root: float = 0.322
    neck: float = 0.058

    @classmethod
    def varied(cls, rng: np.random.Generator, spread: float = 0.05) -> Proportions:
        """Draw a person: each length differs by a few per cent."""
        mean = cls()
        factors = {f.name: float(rng.normal(1.0, spread)) for f in fields(mean)}
        return replace(mean, **{name: getattr(mean, name) * factor for name, factor in factors.items()})


def joints_m(body: BodyAngles, proportions: Proportions) -> Points:
    """Place every joint.

    Returns
    -------
    Names to (3,) points, m, world frame; who stands has the ankles around the origin, who sits the hips.
    """
    p, h = proportions, proportions.height_m
    frame = trunk_frame(body.trunk)
    upper = frame @ pitch(body.trunk.thoracic_flexion_deg)
    points: Points = {}
    chest = frame @ (h * (p.chest * Z))

    def on_chest(x: float, y: float, z: float) -> FloatArray:
        return np.asarray(chest + upper @ (h * np.array([x, y, z - p.chest])), dtype=np.float64)

    for name, side, arm in (("left", LEFT, body.left), ("right", RIGHT, body.right)):
        points[f"{name}_hip"] = side * h * p.hip_half_width * X
        _add_leg(points, name, side, body, p)
        root = on_chest(side * p.clavicle_root, -0.015, p.clavicle_root_height)
        shoulder = root + upper @ clavicle_turn(arm, side) @ (h * p.clavicle * _CLAVICLE[side])
        direction = arm_directions(arm, side)
        elbow = shoulder + frame @ (h * p.upper_arm * direction.upper)
        wrist = elbow + frame @ (h * p.forearm * direction.fore)
        fore, thumb = frame @ direction.fore, frame @ direction.thumb
        points |= {f"{name}_shoulder": shoulder, f"{name}_elbow": elbow, f"{name}_wrist": wrist}
        points[f"{name}_index"] = wrist + h * p.hand * (1.15 * fore + 0.3 * thumb)
        points[f"{name}_pinky"] = wrist + h * p.hand * (1.05 * fore - 0.4 * thumb)
        points[f"{name}_thumb"] = wrist + h * p.hand * (0.65 * fore + 0.55 * thumb)
        points[f"{name}_hand"] = wrist + h * p.hand * fore
    _add_head(points, body, frame, on_chest(0.0, -0.010, p.neck_root), p)
    return _grounded(points, body, p)


_CLAVICLE = {side: np.array([side * 0.995, 0.0, -0.10]) for side in (LEFT, RIGHT)}


def _add_leg(points: Points, name: str, side: float, body: BodyAngles, p: Proportions) -> None:
    frames, h = leg_frames(body, side), p.height_m
    knee = points[f"{name}_hip"] - frames.thigh @ (h * p.thigh * Z)
    ankle = knee - frames.shank @ (h * p.shank * Z)
    points |= {f"{name}_knee": knee, f"{name}_ankle": ankle}
    points[f"{name}_heel"] = ankle + frames.foot @ (h * np.array([0.0, 0.021, -0.024]))
    points[f"{name}_foot_index"] = ankle + frames.foot @ (h * np.array([-side * 0.010, -0.116, -0.033]))


def _add_head(points: Points, body: BodyAngles, frame: FloatArray, neck_root: FloatArray, p: Proportions) -> None:
    trunk, h = body.trunk, p.height_m
    poke = frame @ pitch(trunk.thoracic_flexion_deg + trunk.head_forward_deg)
    head = neck_root + poke @ (h * p.neck * np.array([0.0, -0.31, 0.95]))
    facing = frame @ pitch(trunk.head_flexion_deg)

    def at(x: float, y: float, z: float) -> FloatArray:
        return np.asarray(head + facing @ (h * np.array([x, y, z])), dtype=np.float64)

    points |= {"c7": neck_root, "head": head, "nose": at(0.0, -0.065, 0.007)}
    for name, side in (("left", LEFT), ("right", RIGHT)):
        points[f"{name}_eye_inner"] = at(side * 0.010, -0.055, 0.025)
        points[f"{name}_eye"] = at(side * 0.017, -0.053, 0.025)
        points[f"{name}_eye_outer"] = at(side * 0.024, -0.048, 0.025)
        points[f"{name}_ear"] = at(side * 0.043, -0.003, 0.014)
        points[f"mouth_{name}"] = at(side * 0.014, -0.058, -0.014)


def _grounded(points: Points, body: BodyAngles, p: Proportions) -> Points:
    ankles = (points["left_ankle"] + points["right_ankle"]) / 2
    lowest = min(points["left_ankle"][2], points["right_ankle"][2])
    on_feet = np.array([-ankles[0], -ankles[1], p.height_m * p.ankle - lowest])
    on_seat = np.array([0.0, SEAT_BEHIND_M[body.seat], SEAT_M[body.seat]])
    shift = (1.0 - body.seated) * on_feet + body.seated * on_seat
    return {name: point + shift for name, point in points.items()}


def keypoints_m(body: BodyAngles, proportions: Proportions | None = None) -> FloatArray:
    """Place the 33 keypoints, (33, 3), m, world frame."""
    points = joints_m(body, proportions or Proportions())
    return np.array([points[k.name.lower()] for k in Keypoint])


def placed_m(moment: Moment, proportions: Proportions | None = None) -> FloatArray:
    """Place the 33 keypoints of a moment where the person is at that time, (33, 3), m, world frame."""
    place = moment.place
    turned = keypoints_m(moment.body, proportions) @ rotation(Z, place.yaw_deg).T
    return np.asarray(turned + np.array([place.x_m, place.y_m, 0.0]), dtype=np.float64)


def observe(
    moments: Iterable[Moment],
    camera: Camera,
    *,
    proportions: Proportions | None = None,
    noise_px: float = 0.0,
    seed: int = 0,
) -> list[PoseFrame]:
    """See a routine as an estimator would: one `PoseFrame` for each moment.

    Parameters
    ----------
    moments : from `Routine.frames`.
    camera : where it is seen from.
    proportions : of the person; the mean adult without.
    noise_px : standard deviation of an independent error of each coordinate, px.
    seed : of the error.
    """
    rng = np.random.default_rng(seed)
    person = proportions or Proportions()
    return [_seen(moment.t_s, placed_m(moment, person), camera, noise_px, rng) for moment in moments]


def _seen(t_s: float, placed: FloatArray, camera: Camera, noise_px: float, rng: np.random.Generator) -> PoseFrame:
    pixels = camera.project(placed)
    if noise_px:
        pixels = pixels + rng.normal(0.0, noise_px, pixels.shape)
    width, height = camera.size_px
    inside = (pixels >= 0).all(1) & (pixels[:, 0] <= width) & (pixels[:, 1] <= height)
    hips = (placed[Keypoint.LEFT_HIP] + placed[Keypoint.RIGHT_HIP]) / 2
    local = camera.in_camera_m(np.vstack([placed, hips]))
    anyone = inside.sum() >= N_KEYPOINTS // 3
    return PoseFrame(
        t_s=t_s,
        size_px=camera.size_px,
        keypoints_px=np.where((inside & anyone)[:, None], pixels, np.nan),
        visibility=np.where(inside & anyone, 0.98, 0.0),
        world_m=np.where(anyone, local[:-1] - local[-1], np.nan),
    )
