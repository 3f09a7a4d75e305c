"""What an exercise file's `[motion]` means: joint angles along one repetition, and how a fault changes them.

Progress runs from 0 (start position) to 1 (top). A keyframe with a negative `at` lies beyond the start, where a
band hangs slack. An angle that a keyframe does not name is interpolated between the keyframes that do; one that no
keyframe names stays neutral.

Angles follow Wu 2005 (ISB) in spirit, with a shoulder rotation that a person can write by hand:

- `shoulder_elevation_deg`: 0 arm at the side, 90 horizontal, 180 overhead; relative to the trunk.
- `shoulder_plane_deg`: the vertical plane the arm is raised in; 0 forward, 90 out to the side, negative across.
- `shoulder_rotation_deg`: + outwards. With the arm at the side and the elbow bent, 0 points the forearm forward and
  90 outwards. Raising the arm adds no twist: with the arm out to the side at 90, rotation 0 points the bent forearm
  forward and +90 up; with the arm raised forward, 0 points it up and -90 across. (ISB axial rotation is this minus
  the plane.)
- `elbow_flexion_deg`: 0 straight. `forearm_pronation_deg`: 0 thumb up with the elbow bent at the side, +90 palm down.
- `scapula_elevation_deg`: + up (shrug). `scapula_retraction_deg`: + back, negative rounded forward.
- `trunk_flexion_deg`: + leaning forward from the vertical, at the hips. `thoracic_flexion_deg`: + rounded upper back;
  it does not swing the arms. `trunk_rotation_deg`, `trunk_side_bend_deg`: + towards the working side, or towards the
  person's left where both arms work. `head_forward_deg`: + chin poked forward. `head_flexion_deg`: + looking down.
- `thigh_elevation_deg`: thigh forward from the vertical; hip flexion is this plus the trunk's.
  `thigh_abduction_deg`: + apart. `knee_flexion_deg`: 0 straight. `stride_deg`: the left thigh this much further
  forward and the right one this much further back.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from unslouch.core.events import Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ArmAngle = Literal[
    "shoulder_plane_deg",
    "shoulder_elevation_deg",
    "shoulder_rotation_deg",
    "elbow_flexion_deg",
    "forearm_pronation_deg",
    "scapula_elevation_deg",
    "scapula_retraction_deg",
]
TrunkAngle = Literal[
    "trunk_flexion_deg",
    "trunk_rotation_deg",
    "trunk_side_bend_deg",
    "thoracic_flexion_deg",
    "head_forward_deg",
    "head_flexion_deg",
]
LegAngle = Literal["thigh_elevation_deg", "thigh_abduction_deg", "knee_flexion_deg", "stride_deg"]
Posture = Literal["standing", "hinged", "floor_sitting", "chair_sitting"]
Hands = Literal["none", "band_between_hands", "band_round_feet", "band_under_feet", "dumbbells"]


@dataclass(frozen=True, slots=True)
class ArmAngles:
    """One arm, deg; the defaults hang relaxed at the side."""

    shoulder_plane_deg: float = 60.0
    shoulder_elevation_deg: float = 8.0
    shoulder_rotation_deg: float = -10.0
    elbow_flexion_deg: float = 10.0
    forearm_pronation_deg: float = 0.0
    scapula_elevation_deg: float = 0.0
    scapula_retraction_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class TrunkAngles:
    """Trunk and head, deg; zero is upright. In a `BodyAngles` turns and bends are + towards the person's left."""

    trunk_flexion_deg: float = 0.0
    trunk_rotation_deg: float = 0.0
    trunk_side_bend_deg: float = 0.0
    thoracic_flexion_deg: float = 0.0
    head_forward_deg: float = 0.0
    head_flexion_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class LegAngles:
    """Both legs, deg; alike but for the stride."""

    thigh_elevation_deg: float = 0.0
    thigh_abduction_deg: float = 4.0
    knee_flexion_deg: float = 2.0
    stride_deg: float = 0.0


POSTURE_LEGS: Mapping[str, LegAngles] = MappingProxyType(
    {
        "standing": LegAngles(),
        "hinged": LegAngles(thigh_elevation_deg=14.0, knee_flexion_deg=22.0),
        "floor_sitting": LegAngles(thigh_elevation_deg=97.0, knee_flexion_deg=14.0),
        "chair_sitting": LegAngles(thigh_elevation_deg=90.0, knee_flexion_deg=88.0),
    }
)
"""How the legs are in each posture, unless a keyframe says otherwise."""

LIMITS_DEG: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "shoulder_plane_deg": (-60.0, 150.0),
        "shoulder_elevation_deg": (-60.0, 180.0),
        "shoulder_rotation_deg": (-110.0, 110.0),
        "elbow_flexion_deg": (0.0, 150.0),
        "forearm_pronation_deg": (-90.0, 90.0),
        "scapula_elevation_deg": (-15.0, 45.0),
        "scapula_retraction_deg": (-40.0, 30.0),
        "trunk_flexion_deg": (-40.0, 110.0),
        "trunk_rotation_deg": (-50.0, 50.0),
        "trunk_side_bend_deg": (-40.0, 40.0),
        "thoracic_flexion_deg": (-20.0, 50.0),
        "head_forward_deg": (-20.0, 50.0),
        "head_flexion_deg": (-60.0, 60.0),
        "thigh_elevation_deg": (-30.0, 130.0),
        "thigh_abduction_deg": (-10.0, 60.0),
        "knee_flexion_deg": (0.0, 145.0),
        "stride_deg": (-40.0, 40.0),
    }
)
"""What a healthy body can do; a motion outside is a mistake in the file, a fault is clipped to it."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The body at one point of the repetition.

    Attributes
    ----------
    at : progress, 0 = start, 1 = top; negative = beyond the start, the band slack.
    both, working, other : arm angles by name; `working` and `other` win over `both`.
    trunk, legs : angles by name.
    """

    at: float
    both: dict[ArmAngle, float] = field(default_factory=dict)
    working: dict[ArmAngle, float] = field(default_factory=dict)
    other: dict[ArmAngle, float] = field(default_factory=dict)
    trunk: dict[TrunkAngle, float] = field(default_factory=dict)
    legs: dict[LegAngle, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Motion:
    """The declared motion of an exercise: it draws the demonstration and tests the file on itself."""

    keyframes: tuple[Keyframe, ...]
    posture: Posture = "standing"
    hands: Hands = "none"


Seat = Literal["floor", "chair"]
SEATS: Mapping[str, Seat] = MappingProxyType({"floor_sitting": "floor", "chair_sitting": "chair"})
"""What carries the body in the postures in which the feet do not."""


@dataclass(frozen=True, slots=True)
class BodyAngles:
    """Every joint angle of one moment; turns and bends of the trunk are + towards the person's left.

    `seated` is 0 while the feet carry the body, 1 while the seat does, between while sitting down.
    """

    left: ArmAngles = ArmAngles()
    right: ArmAngles = ArmAngles()
    trunk: TrunkAngles = TrunkAngles()
    legs: LegAngles = LegAngles()
    seat: Seat = "chair"
    seated: float = 0.0


_Angles = TypeVar("_Angles", ArmAngles, TrunkAngles, LegAngles)
_Name = TypeVar("_Name", bound=str)


def pose_at(motion: Motion, progress: float, side: Side) -> BodyAngles:
    """Interpolate the declared motion.

    Parameters
    ----------
    motion : the exercise's `[motion]`.
    progress : 0 start to 1 top; below 0 towards a slack band; held beyond the outermost keyframes.
    side : the working side; BOTH makes both arms work.
    """
    arms = {name: _arm(motion, progress, name) for name in ("working", "other")}
    left = arms["other"] if side is Side.RIGHT else arms["working"]
    right = arms["other"] if side is Side.LEFT else arms["working"]
    trunk = _interpolate(TrunkAngles(), [(k.at, k.trunk) for k in motion.keyframes], progress)
    legs = _interpolate(POSTURE_LEGS[motion.posture], [(k.at, k.legs) for k in motion.keyframes], progress)
    return BodyAngles(left, right, _towards(trunk, side), legs, *seat_of(motion.posture))


def seat_of(posture: Posture) -> tuple[Seat, float]:
    """Tell what a posture sits on and how much of the body it carries: 1, or 0 where the feet do."""
    return (SEATS[posture], 1.0) if posture in SEATS else ("chair", 0.0)


def blend(start: BodyAngles, end: BodyAngles, share: float) -> BodyAngles:
    """Mix two moments: 0 gives `start`, 1 gives `end`."""
    return BodyAngles(
        _mix(start.left, end.left, share),
        _mix(start.right, end.right, share),
        _mix(start.trunk, end.trunk, share),
        _mix(start.legs, end.legs, share),
        end.seat if end.seated else start.seat,
        (1 - share) * start.seated + share * end.seated,
    )


def motion_problems(motion: Motion) -> tuple[str, ...]:
    """Name every mistake in a motion by its key path; empty when it can be performed."""
    found: list[str] = []
    places = [k.at for k in motion.keyframes]
    if 0.0 not in places or 1.0 not in places:
        found.append("keyframes: the start (at = 0.0) and the top (at = 1.0) are needed")
    if any(b <= a for a, b in itertools.pairwise(places)):
        found.append("keyframes: at must grow from one keyframe to the next")
    for i, keyframe in enumerate(motion.keyframes):
        if not -1.0 <= keyframe.at <= 1.0:
            found.append(f"keyframes.{i}.at: {keyframe.at:g} is not between -1 and 1")
        parts: dict[str, Mapping[str, float]] = {
            part: getattr(keyframe, part) for part in ("both", "working", "other", "trunk", "legs")
        }
        for part, angles in parts.items():
            for name, value in angles.items():
                low, high = LIMITS_DEG[name]
                if not low <= value <= high:
                    found.append(f"keyframes.{i}.{part}.{name}: {value:g} is not between {low:g} and {high:g}")
    return tuple(found)


def _arm(motion: Motion, progress: float, name: str) -> ArmAngles:
    keys = [(k.at, {**k.both, **(k.working if name == "working" else k.other)}) for k in motion.keyframes]
    return _interpolate(ArmAngles(), keys, progress)


def _interpolate(neutral: _Angles, keys: Sequence[tuple[float, Mapping[_Name, float]]], progress: float) -> _Angles:
    values: dict[str, float] = {}
    for name in dict.fromkeys(name for _, angles in keys for name in angles):
        named = [(at, angles[name]) for at, angles in keys if name in angles]
        places, degrees = zip(*named, strict=True)
        values[name] = float(np.interp(progress, places, degrees))
    return replace(neutral, **values)


def _mix(start: _Angles, end: _Angles, share: float) -> _Angles:
    return replace(
        start,
        **{
            f.name: (1 - share) * float(getattr(start, f.name)) + share * float(getattr(end, f.name))
            for f in fields(start)
        },
    )


def _towards(trunk: TrunkAngles, side: Side) -> TrunkAngles:
    if side is not Side.RIGHT:
        return trunk
    return replace(trunk, trunk_rotation_deg=-trunk.trunk_rotation_deg, trunk_side_bend_deg=-trunk.trunk_side_bend_deg)


@dataclass(frozen=True, slots=True)
class FaultEffect:
    """How a fault of size 1 changes a repetition.

    Attributes
    ----------
    unit : of the size: "deg", or "1" for a share.
    typical : a size that a trainer would correct.
    arm, trunk : change of each angle, deg, for each unit of size; the arm's is that of the working side(s).
    grows : the change comes with progress and is gone at the start; otherwise it is there all the time.
    """

    unit: Literal["deg", "1"]
    typical: float
    arm: Mapping[ArmAngle, float] = field(default_factory=dict)
    trunk: Mapping[TrunkAngle, float] = field(default_factory=dict)
    grows: bool = True


FAULTS: Mapping[str, FaultEffect] = MappingProxyType(
    {
        "partial-range": FaultEffect("1", 0.45),
        "fast-release": FaultEffect("1", 0.65),
        "slack": FaultEffect("1", 1.0),
        "shrug": FaultEffect("deg", 20.0, arm={"scapula_elevation_deg": 1.0}),
        "elbow-drift": FaultEffect("deg", 32.0, arm={"shoulder_elevation_deg": 1.0}),
        "elbow-angle": FaultEffect("deg", 40.0, arm={"elbow_flexion_deg": -1.0}),
        "rounded-shoulders": FaultEffect(
            "deg", 18.0, arm={"scapula_retraction_deg": -0.9}, trunk={"thoracic_flexion_deg": 1.0}, grows=False
        ),
        "forward-head": FaultEffect("deg", 18.0, trunk={"head_forward_deg": 1.0}, grows=False),
        "bent-elbows": FaultEffect("deg", 60.0, arm={"elbow_flexion_deg": 1.0}),
        "trunk-lean": FaultEffect("deg", 20.0, trunk={"trunk_flexion_deg": -1.0}),
        "trunk-turn": FaultEffect("deg", 25.0, trunk={"trunk_rotation_deg": 1.0}),
        "side-bend": FaultEffect("deg", 20.0, trunk={"trunk_side_bend_deg": 1.0}),
    }
)
"""What each fault does.

`partial-range` leaves out that share of the range, `fast-release` makes the release that share shorter than the pull
was, and `slack` lets the hands go back that share of the way to the keyframe at -1.
"""


def apply_fault(angles: BodyAngles, fault_id: str, size: float, progress: float, side: Side) -> BodyAngles:
    """Change the angles of one moment as a fault does; faults of range and tempo leave them alone.

    Parameters
    ----------
    angles : the clean moment.
    fault_id : a key of `FAULTS`.
    size : in the fault's own unit.
    progress : where in the repetition the moment is.
    side : the working side.
    """
    effect = FAULTS[fault_id]
    amount = size * (min(max(progress, 0.0), 1.0) if effect.grows else 1.0)
    trunk_change = {name: gain * amount * _sign(name, side) for name, gain in effect.trunk.items()}
    arm_change = {name: gain * amount for name, gain in effect.arm.items()}
    return replace(
        angles,
        left=angles.left if side is Side.RIGHT else _changed(angles.left, arm_change),
        right=angles.right if side is Side.LEFT else _changed(angles.right, arm_change),
        trunk=_changed(angles.trunk, trunk_change),
    )


def top_of_range(faults: Mapping[str, float]) -> float:
    """Progress at which a repetition with these faults turns back."""
    return 1.0 - faults.get("partial-range", 0.0)


def bottom_of_range(faults: Mapping[str, float]) -> float:
    """Progress to which a repetition with these faults is let go; below 0 the band is slack."""
    return -faults.get("slack", 0.0)


def release_s(concentric_s: float, eccentric_s: float, faults: Mapping[str, float]) -> float:
    """Duration of the release, s, of a repetition with these faults."""
    share = faults.get("fast-release", 0.0)
    return concentric_s * (1.0 - share) if share else eccentric_s


def _sign(name: str, side: Side) -> float:
    mirrored = name in ("trunk_rotation_deg", "trunk_side_bend_deg")
    return -1.0 if mirrored and side is Side.RIGHT else 1.0


def _changed(angles: _Angles, change: Mapping[_Name, float]) -> _Angles:
    values = {
        str(name): float(np.clip(getattr(angles, name) + delta, *LIMITS_DEG[name])) for name, delta in change.items()
    }
    return replace(angles, **values)
