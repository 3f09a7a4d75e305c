"""One frame, measured: points, the torso as the yardstick, and the camera's angle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from unslouch.core.events import Side
from unslouch.core.filtering import OneEuroState, SlowState, slow_mean, smooth
from unslouch.core.pose import Keypoint, PoseFrame

Point = tuple[float, float]
Point3 = tuple[float, float, float]

EAR, SHOULDER, ELBOW, WRIST, INDEX, HIP, KNEE, ANKLE = 7, 11, 13, 15, 19, 23, 25, 27
"""Left keypoints; the right one is the next."""

VIEW_GAIN = 1.1
"""Camera angle over the network's own, which reads low (measured on rendered people, see bench)."""

TORSO_TAU_S = 3.0
REST_CUTOFF_HZ, BETA_PER_TORSO, BETA_PER_M = 3.0, 6.0, 8.0
"""Smoothing: little lag in a repetition of a second, steady when held (Hz, Hz per torso/s, Hz per m/s)."""
VIEW_TAU_S = 0.7


@dataclass(frozen=True, slots=True)
class Body:
    """One person in one frame.

    Attributes
    ----------
    t_s : capture time, s.
    points : 33 smoothed (x, y), px, image frame (x right, y down); NaN = not seen.
    world : 33 (x, y, z), m, x to the image's right, y down, z away from the camera.
    torso_px : steady distance from mid-hip to mid-shoulder, px.
    view_deg : steady camera angle, 0 = front, + = the camera stands towards the person's left.
    """

    t_s: float
    points: list[Point]
    world: list[Point3]
    torso_px: float
    view_deg: float

    def point(self, left_keypoint: int, side: Side) -> Point:
        """Give a paired keypoint of one side, px."""
        return self.points[left_keypoint + (side is Side.RIGHT)]

    def world_point(self, left_keypoint: int, side: Side) -> Point3:
        """Give a paired keypoint of one side, m."""
        return self.world[left_keypoint + (side is Side.RIGHT)]

    def middle(self, left_keypoint: int) -> Point:
        """Midpoint of a pair, px; NaN unless both are seen."""
        (x0, y0), (x1, y1) = self.points[left_keypoint], self.points[left_keypoint + 1]
        return (x0 + x1) / 2, (y0 + y1) / 2

    @property
    def near_side(self) -> Side:
        """The side that is closer to the camera."""
        return Side.LEFT if self.view_deg >= 0 else Side.RIGHT


@dataclass(slots=True)
class BodyState:
    """What is carried from frame to frame."""

    smoothing: OneEuroState | None = None
    torso_px: SlowState | None = None
    view_cos: SlowState | None = None
    view_sin: SlowState | None = None


def measure(state: BodyState, pose: PoseFrame) -> Body:
    """Smooth a frame and measure it; advances `state`."""
    unit_px = state.torso_px.value if state.torso_px else max(pose.size_px) / 4
    state.smoothing, smoothed = smooth(
        state.smoothing,
        pose.t_s,
        np.hstack((pose.keypoints_px, pose.world_m)),
        min_cutoff_hz=REST_CUTOFF_HZ,
        beta=np.array((BETA_PER_TORSO / unit_px,) * 2 + (BETA_PER_M,) * 3),
    )
    rows = smoothed.tolist()
    points: list[Point] = [(row[0], row[1]) for row in rows]
    world: list[Point3] = [(row[2], row[3], row[4]) for row in rows]
    (x0, y0), (x1, y1) = points[SHOULDER], points[SHOULDER + 1]
    (x2, y2), (x3, y3) = points[HIP], points[HIP + 1]
    # Shoulders upon hips are no torso to measure by.
    torso_px = math.hypot(x0 + x1 - x2 - x3, y0 + y1 - y2 - y3) / 2 or math.nan
    state.torso_px = slow_mean(state.torso_px, pose.t_s, torso_px, tau_s=TORSO_TAU_S)
    _follow_view(state, pose.t_s, world)
    return Body(
        t_s=pose.t_s,
        points=points,
        world=world,
        torso_px=state.torso_px.value if state.torso_px else math.nan,
        view_deg=math.degrees(math.atan2(state.view_sin.value, state.view_cos.value))
        if state.view_cos and state.view_sin
        else math.nan,
    )


def _follow_view(state: BodyState, t_s: float, world: list[Point3]) -> None:
    angle_deg = camera_angle_deg(world)
    angle = math.radians(angle_deg)
    state.view_cos = slow_mean(state.view_cos, t_s, math.cos(angle), tau_s=VIEW_TAU_S)
    state.view_sin = slow_mean(state.view_sin, t_s, math.sin(angle), tau_s=VIEW_TAU_S)


def camera_angle_deg(world: list[Point3]) -> float:
    """Camera angle from the shoulder and the hip line, deg; 0 = front, + = camera towards the person's left.

    The head is left out: people turn it to the screen.
    """
    across = away = 0.0
    for left, weight in ((SHOULDER, 2.0), (HIP, 1.0)):
        (lx, _, lz), (rx, _, rz) = world[left], world[left + 1]
        length = math.hypot(lx - rx, lz - rz)
        if length == 0:
            return math.nan
        across += weight * (lx - rx) / length
        away += weight * (lz - rz) / length
    return VIEW_GAIN * math.degrees(math.atan2(-away, across))


def point_name(keypoint: Keypoint) -> str:
    """Name a keypoint in words: "left wrist"."""
    return keypoint.name.lower().replace("_", " ")
