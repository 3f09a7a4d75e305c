"""The vocabulary of exercise files: named numbers of one body in one frame.

A feature takes a `Body` and the side it is about and returns one float: NaN when a point it needs is not seen.
Lengths are in torsos (mid-hip to mid-shoulder), angles in degrees. Heights are along the image's vertical, so the
camera should stand level. Features that use the network's depth say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from unslouch.core.body import EAR, ELBOW, HIP, INDEX, KNEE, SHOULDER, WRIST, Body, Point
from unslouch.core.events import Side

Compute = Callable[[Body, Side], float]


@dataclass(frozen=True, slots=True)
class Feature:
    """A named feature.

    Attributes
    ----------
    sided : it is about one arm or one half of the body; else about both together.
    """

    name: str
    compute: Compute
    unit: str
    sided: bool
    doc: str

    def __call__(self, body: Body, side: Side, on: str = "mean") -> float:
        """Compute it; for both sides together the mean, the `near` side's or the `worst` (largest) of those seen."""
        if side is not Side.BOTH or not self.sided:
            return self.compute(body, side)
        if on == "near":
            return self.compute(body, body.near_side)
        left, right = self.compute(body, Side.LEFT), self.compute(body, Side.RIGHT)
        if math.isnan(left) or math.isnan(right):
            return right if math.isnan(left) else left
        return max(left, right) if on == "worst" else (left + right) / 2


FEATURES: dict[str, Feature] = {}


def _feature(unit: str, *, sided: bool) -> Callable[[Compute], Compute]:
    def register(compute: Compute) -> Compute:
        name = compute.__name__
        FEATURES[name] = Feature(name, compute, unit, sided, (compute.__doc__ or "").strip())
        return compute

    return register


def _outward(side: Side) -> float:
    """Image direction of the person's own side, seen from the front."""
    return 1.0 if side is Side.LEFT else -1.0


def _angle_deg(a: Point, b: Point) -> float:
    """Angle between two vectors, deg, in [0, 180]; NaN where one has no length."""
    if a == (0.0, 0.0) or b == (0.0, 0.0):
        return math.nan
    return math.degrees(abs(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])))


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _backward(body: Body) -> float:
    """Image direction of the person's back, -1 or 1, seen from the side."""
    return 1.0 if body.view_deg >= 0 else -1.0


@_feature("torso", sided=False)
def hand_spread_torsos(body: Body, _side: Side) -> float:
    """Distance between the wrists in the picture."""
    (x0, y0), (x1, y1) = body.point(WRIST, Side.LEFT), body.point(WRIST, Side.RIGHT)
    return math.hypot(x0 - x1, y0 - y1) / body.torso_px


ARM_SPAN_TORSOS = 2.7
SHOULDER_SPAN_TORSOS = 0.6
"""Wrist to wrist with the arms out, and straight ahead, from the front (2.6 to 2.9, 0.5 to 0.9 on rendered people)."""


@_feature("deg", sided=False)
def arms_apart_deg(body: Body, _side: Side) -> float:
    """Tell how far both arms are opened: 0 = straight ahead, 90 = out to the sides.

    At an angle the picture shows both how far the hands are apart and how far they are ahead of the shoulders. From the
    front it shows the first only, which flattens near the end; there depth is asked as well.
    """
    view = math.radians(abs(body.view_deg))
    spread = hand_spread_torsos(body, Side.BOTH) / max(math.cos(view), 0.35) - SHOULDER_SPAN_TORSOS
    if math.isnan(spread):
        return math.nan
    at_an_angle = max(0.0, min(1.0, (abs(body.view_deg) - 12) / 12))
    opened_deg = 0.0
    if at_an_angle > 0:
        ahead = _backward(body) * (body.middle(SHOULDER)[0] - body.middle(WRIST)[0]) / body.torso_px / math.sin(view)
        opened_deg += at_an_angle * math.degrees(math.atan2(max(spread, 0.0) / 2, ahead))
    if at_an_angle < 1:
        share = max(-1.0, min(1.0, spread / (ARM_SPAN_TORSOS - SHOULDER_SPAN_TORSOS)))
        depth_deg = sum(upper_arm_horizontal_abduction_deg(body, side) for side in (Side.LEFT, Side.RIGHT)) / 2
        opened_deg += (1 - at_an_angle) * (math.degrees(math.asin(share)) + depth_deg) / 2
    return opened_deg


@_feature("deg", sided=True)
def shoulder_horizontal_abduction_deg(body: Body, side: Side) -> float:
    """Angle of the arm, shoulder to wrist, in the horizontal plane: 0 = ahead, 90 = out to the side. Uses depth."""
    return _ahead_to_outward_deg(body, side, WRIST)


@_feature("deg", sided=True)
def upper_arm_horizontal_abduction_deg(body: Body, side: Side) -> float:
    """Angle of the upper arm in the horizontal plane: 0 = straight ahead, 90 = out to the side. Uses depth."""
    return _ahead_to_outward_deg(body, side, ELBOW)


def _ahead_to_outward_deg(body: Body, side: Side, end: int) -> float:
    lx, _, lz = body.world_point(SHOULDER, Side.LEFT)
    rx, _, rz = body.world_point(SHOULDER, Side.RIGHT)
    ax, _, az = body.world_point(SHOULDER, side)
    bx, _, bz = body.world_point(end, side)
    # Ahead is a quarter turn from the line that runs from the right to the left shoulder.
    across = (bx - ax) * (lx - rx) + (bz - az) * (lz - rz)
    ahead = (bx - ax) * (lz - rz) - (bz - az) * (lx - rx)
    if not math.isfinite(body.point(end, side)[0]):
        return math.nan
    return math.degrees(math.atan2(_outward(side) * across, ahead))


@_feature("torso", sided=True)
def forearm_outward_torsos(body: Body, side: Side) -> float:
    """How far the wrist is outward of the elbow in the picture, from the front."""
    return _outward(side) * (body.point(WRIST, side)[0] - body.point(ELBOW, side)[0]) / body.torso_px


FORESHORTENED_TORSOS = 0.28
"""An upper arm or forearm that looks shorter points at the camera: its direction in the picture says little."""

UPPER_ARM_TORSOS = 0.55

FOREARM_TORSOS = 0.45
"""Elbow to wrist over mid-hip to mid-shoulder, as the network places them (0.41 to 0.51 on rendered people)."""


@_feature("deg", sided=True)
def forearm_outward_turn_deg(body: Body, side: Side) -> float:
    """Turn of a level forearm in the horizontal plane: 0 = ahead, 90 = outward; from picture and camera angle."""
    share = forearm_outward_torsos(body, side) / FOREARM_TORSOS
    if math.isnan(share):
        return math.nan
    return _outward(side) * body.view_deg + math.degrees(math.asin(max(-1.0, min(1.0, share))))


@_feature("torso", sided=True)
def wrist_above_elbow_torsos(body: Body, side: Side) -> float:
    """Height of the wrist over the elbow."""
    return (body.point(ELBOW, side)[1] - body.point(WRIST, side)[1]) / body.torso_px


@_feature("torso", sided=True)
def wrist_above_shoulder_torsos(body: Body, side: Side) -> float:
    """Height of the wrist over the shoulder."""
    return (body.point(SHOULDER, side)[1] - body.point(WRIST, side)[1]) / body.torso_px


@_feature("torso", sided=True)
def elbow_below_shoulder_torsos(body: Body, side: Side) -> float:
    """How far the elbow is below the shoulder; negative when above it."""
    return (body.point(ELBOW, side)[1] - body.point(SHOULDER, side)[1]) / body.torso_px


@_feature("deg", sided=True)
def upper_arm_from_trunk_deg(body: Body, side: Side) -> float:
    """Angle in the picture between the upper arm and the trunk; 0 = the arm at the side."""
    arm = _minus(body.point(ELBOW, side), body.point(SHOULDER, side))
    return _angle_deg(arm, _minus(body.middle(HIP), body.middle(SHOULDER)))


@_feature("deg", sided=True)
def upper_arm_lowered_deg(body: Body, side: Side) -> float:
    """Angle in the picture by which the upper arm is lowered from overhead; 0 = overhead, 180 = at the side."""
    return 180.0 - upper_arm_from_trunk_deg(body, side)


@_feature("deg", sided=True)
def upper_arm_behind_trunk_deg(body: Body, side: Side) -> float:
    """Angle of the upper arm behind the line from shoulder to hip, seen from the side; negative when ahead."""
    shoulder, hip, elbow = body.point(SHOULDER, side), body.point(HIP, side), body.point(ELBOW, side)
    trunk, arm = _minus(hip, shoulder), _minus(elbow, shoulder)
    across = arm[0] * trunk[1] - arm[1] * trunk[0]
    along = arm[0] * trunk[0] + arm[1] * trunk[1]
    return _backward(body) * math.degrees(math.atan2(across, along))


@_feature("deg", sided=True)
def elbow_flexion_deg(body: Body, side: Side) -> float:
    """Bend of the elbow in the picture; 0 = straight. Not seen where the arm points at the camera."""
    upper = _minus(body.point(ELBOW, side), body.point(SHOULDER, side))
    fore = _minus(body.point(WRIST, side), body.point(ELBOW, side))
    if min(math.hypot(*upper), math.hypot(*fore)) < FORESHORTENED_TORSOS * body.torso_px:
        return math.nan
    return _angle_deg(upper, fore)


@_feature("deg", sided=True)
def elbow_flexion_in_space_deg(body: Body, side: Side) -> float:
    """Bend of the elbow in space; 0 = straight. Uses depth: for angles that the picture cannot show."""
    shoulder, elbow, wrist = (body.world_point(k, side) for k in (SHOULDER, ELBOW, WRIST))
    upper = [e - s for s, e in zip(shoulder, elbow, strict=True)]
    fore = [w - e for e, w in zip(elbow, wrist, strict=True)]
    lengths = math.hypot(*upper) * math.hypot(*fore)
    if not math.isfinite(body.point(WRIST, side)[0]) or lengths == 0 or math.isnan(lengths):
        return math.nan
    return math.degrees(math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(upper, fore, strict=True)) / lengths))))


@_feature("torso", sided=True)
def elbow_behind_trunk_torsos(body: Body, side: Side) -> float:
    """How far the elbow is behind the line from shoulder to hip, seen from the side."""
    shoulder, hip, elbow = body.point(SHOULDER, side), body.point(HIP, side), body.point(ELBOW, side)
    dx, dy = _minus(hip, shoulder)
    length = math.hypot(dx, dy)
    if length == 0:
        return math.nan
    across = ((elbow[0] - shoulder[0]) * dy - (elbow[1] - shoulder[1]) * dx) / length
    return _backward(body) * across / body.torso_px


@_feature("torso", sided=True)
def wrist_ahead_of_trunk_torsos(body: Body, side: Side) -> float:
    """How far the wrist is ahead of the line from shoulder to hip, seen from the side."""
    shoulder, hip, wrist = body.point(SHOULDER, side), body.point(HIP, side), body.point(WRIST, side)
    dx, dy = _minus(hip, shoulder)
    length = math.hypot(dx, dy)
    if length == 0:
        return math.nan
    across = ((wrist[0] - shoulder[0]) * dy - (wrist[1] - shoulder[1]) * dx) / length
    return -_backward(body) * across / body.torso_px


@_feature("torso", sided=True)
def ear_above_shoulder_torsos(body: Body, side: Side) -> float:
    """Height of the ear over the shoulder, along the trunk; a shrug makes it smaller."""
    up = _minus(body.middle(SHOULDER), body.middle(HIP))
    length = math.hypot(*up)
    if length == 0:
        return math.nan
    ear = _minus(body.point(EAR, side), body.point(SHOULDER, side))
    return (ear[0] * up[0] + ear[1] * up[1]) / length / body.torso_px


@_feature("torso", sided=True)
def ear_ahead_of_hip_torsos(body: Body, side: Side) -> float:
    """How far the ear is ahead of the hip, seen from the side: a forward head and a rounded upper back together."""
    return -_backward(body) * (body.point(EAR, side)[0] - body.point(HIP, side)[0]) / body.torso_px


@_feature("torso", sided=True)
def ear_ahead_of_shoulder_torsos(body: Body, side: Side) -> float:
    """How far the ear is ahead of the shoulder, seen from the side or at an angle: a proxy of a forward head."""
    return -_backward(body) * (body.point(EAR, side)[0] - body.point(SHOULDER, side)[0]) / body.torso_px


@_feature("deg", sided=False)
def trunk_lean_back_deg(body: Body, _side: Side) -> float:
    """Lean of the trunk from the vertical towards the back, seen from the side or at an angle that is allowed for."""
    dx, dy = _minus(body.middle(SHOULDER), body.middle(HIP))
    seen = max(abs(math.sin(math.radians(body.view_deg))), 0.5)
    return _backward(body) * math.degrees(math.atan2(dx / seen, -dy))


@_feature("deg", sided=False)
def trunk_lean_forward_deg(body: Body, side: Side) -> float:
    """Lean of the trunk from the vertical towards the front, seen from the side."""
    return -trunk_lean_back_deg(body, side)


@_feature("deg", sided=False)
def trunk_side_bend_deg(body: Body, _side: Side) -> float:
    """Bend of the trunk from the vertical to either side, seen from the front."""
    dx, dy = _minus(body.middle(SHOULDER), body.middle(HIP))
    return abs(math.degrees(math.atan2(dx, -dy)))


@_feature("deg", sided=True)
def trunk_turn_to_side_deg(body: Body, side: Side) -> float:
    """Turn of the shoulder line to the working side, against the camera. Uses depth."""
    (lx, _, lz), (rx, _, rz) = body.world[SHOULDER], body.world[SHOULDER + 1]
    return _outward(side) * math.degrees(math.atan2(lz - rz, lx - rx))


@_feature("torso", sided=False)
def knee_below_hip_torsos(body: Body, _side: Side) -> float:
    """How far the knee is below the hip: near 0 when sitting, about 0.9 when standing; the nearer leg."""
    side = body.near_side
    return (body.point(KNEE, side)[1] - body.point(HIP, side)[1]) / body.torso_px


@_feature("torso", sided=True)
def hand_from_trunk_torsos(body: Body, side: Side) -> float:
    """Distance in the picture from the wrist to the middle of the trunk."""
    (x0, y0), (x1, y1) = body.middle(SHOULDER), body.middle(HIP)
    x, y = body.point(WRIST, side)
    return math.hypot(x - (x0 + x1) / 2, y - (y0 + y1) / 2) / body.torso_px


@_feature("torso", sided=True)
def index_above_wrist_torsos(body: Body, side: Side) -> float:
    """Height of the index finger over the wrist."""
    return (body.point(WRIST, side)[1] - body.point(INDEX, side)[1]) / body.torso_px
