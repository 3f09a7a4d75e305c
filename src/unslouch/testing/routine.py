"""A script of what the synthetic person does: repetitions with their truth, and all the rest people do around them.

A `Routine` is built stroke by stroke, then looked at with any frame rate:

    routine = Routine(motion, Side.RIGHT).stand(1.0).take_position().reps([RepPlan()] * 3).relax()
    frames = observe(routine.frames(30.0), Camera(azimuth_deg=20))
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.events import Phase, Side
from unslouch.core.motion import (
    POSTURE_LEGS,
    ArmAngles,
    BodyAngles,
    LegAngles,
    Motion,
    TrunkAngles,
    apply_fault,
    blend,
    bottom_of_range,
    pose_at,
    release_s,
    seat_of,
    top_of_range,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STRIDE_DEG = 18.0
STEP_S = 0.55
WALK_M_S = 0.9


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person stands: m to their left of the mark and behind it; turned by `yaw_deg` to their left."""

    x_m: float = 0.0
    y_m: float = 0.0
    yaw_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class RepPlan:
    """One repetition to perform; `reach` scales the range, faults are sizes by id."""

    concentric_s: float = 1.5
    hold_s: float = 0.5
    eccentric_s: float = 2.0
    rest_s: float = 0.6
    reach: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class RepTruth:
    """What really happened in one repetition; times in s, `reach` = progress at the top."""

    index: int
    side: Side
    start_s: float
    peak_s: float
    hold_end_s: float
    end_s: float
    reach: float
    faults: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """The person at one time; `rep` is 0 and `phase` REST outside repetitions."""

    t_s: float
    body: BodyAngles
    place: Place
    phase: Phase
    rep: int
    progress: float


@dataclass(frozen=True, slots=True)
class _Stroke:
    duration_s: float
    body: Callable[[float], BodyAngles]
    place: Callable[[float], Place]
    phase: Phase = Phase.REST
    rep: int = 0
    progress: Callable[[float], float] = lambda _: 0.0


def jittered(plan: RepPlan, n_reps: int, seed: int, spread: float = 0.2, reach_spread: float = 0.04) -> list[RepPlan]:
    """Repeat a plan as people do: tempo differs by about `spread`, the range by a little, never beyond full."""
    rng = np.random.default_rng(seed)

    def near(value: float) -> float:
        return value * float(np.exp(rng.uniform(-spread, spread)))

    return [
        replace(
            plan,
            concentric_s=near(plan.concentric_s),
            hold_s=near(plan.hold_s),
            eccentric_s=near(plan.eccentric_s),
            rest_s=near(plan.rest_s),
            reach=plan.reach * (1.0 - min(abs(float(rng.normal(0.0, reach_spread))), 0.1)),
        )
        for _ in range(n_reps)
    ]


_ON_A_CHAIR = BodyAngles(legs=POSTURE_LEGS["chair_sitting"], seat="chair", seated=1.0)


def relaxed(motion: Motion) -> BodyAngles:
    """Take the posture of the motion with hanging arms."""
    seat, seated = seat_of(motion.posture)
    if not seated:
        return BodyAngles()
    arm = ArmAngles(shoulder_plane_deg=10.0, shoulder_elevation_deg=25.0, elbow_flexion_deg=35.0)
    return BodyAngles(arm, arm, TrunkAngles(), POSTURE_LEGS[motion.posture], seat, seated)


class Routine:
    """Builds a script; every method adds to its end and returns the routine.

    Parameters
    ----------
    motion : the declared motion of an exercise.
    side : the working side of repetitions whose plan names none.
    sway : size of the small movements nobody can help, 1 = usual.
    seed : of the sway and of the idle movements.
    """

    def __init__(self, motion: Motion, side: Side = Side.BOTH, *, sway: float = 1.0, seed: int = 0) -> None:
        self.motion = motion
        self.side = side
        self.truth: list[RepTruth] = []
        self._sway = sway
        self._rng = np.random.default_rng(seed)
        self._rates_hz = self._rng.uniform(0.12, 0.35, 5)
        self._offsets = self._rng.uniform(0.0, 2 * np.pi, 5)
        self._strokes: list[_Stroke] = []
        self._starts_s: list[float] = []
        self._duration_s = 0.0
        self._body = relaxed(motion)
        self._place = Place()

    @property
    def duration_s(self) -> float:
        """Length of the script so far."""
        return self._duration_s

    def stand(self, duration_s: float = 1.0) -> Routine:
        """Stay as one is."""
        return self.move(self._body, duration_s)

    def walk_in(self, x_m: float = 1.6, y_m: float = 0.2) -> Routine:
        """Walk to the mark from the side, turn to the camera and sit down if need be. Only as the first stroke."""
        self.walk_past(Place(x_m, y_m), Place())
        self.turn(Place())
        return self.sit_down() if seat_of(self.motion.posture)[1] else self

    def walk_past(self, start: Place, end: Place) -> Routine:
        """Walk from one place to another; only as the first stroke."""
        if self._strokes:
            raise ValueError("A person can only walk in at the beginning")
        self._body = BodyAngles()
        return self._walk(start, end)

    def walk_out(self, x_m: float = -1.6, y_m: float = 0.2) -> Routine:
        """Let the arms hang, stand up if need be and walk away to the side."""
        self.stand_up()
        return self._walk(self._place, Place(x_m, y_m))

    def take_position(self, duration_s: float = 1.0, hold_s: float = 0.8, side: Side | None = None) -> Routine:
        """Move to the start position and hold it."""
        start = pose_at(self.motion, 0.0, side or self.side)
        return self.move(start, duration_s).move(start, hold_s)

    def relax(self, duration_s: float = 0.9) -> Routine:
        """Let the arms hang."""
        return self.move(relaxed(self.motion), duration_s)

    def sit_down(self, duration_s: float = 1.8) -> Routine:
        """Sit down as the motion's posture wants; a standing exercise is left for a chair."""
        return self.move(relaxed(self.motion) if seat_of(self.motion.posture)[1] else _ON_A_CHAIR, duration_s)

    def stand_up(self, duration_s: float = 1.2) -> Routine:
        """Get up, arms hanging."""
        return self.move(BodyAngles(), duration_s)

    def adjust_band(self, duration_s: float = 3.0) -> Routine:
        """Fumble with the band in front of the belly, then let go."""
        n_moves = max(1, round(duration_s / 0.8))
        for _ in range(n_moves):
            self.move(replace(self._body, left=self._fumble(), right=self._fumble()), duration_s / n_moves)
        return self.relax()

    def scratch_head(self, duration_s: float = 2.4, side: Side = Side.RIGHT) -> Routine:
        """Lift one hand to the head and down again."""
        before = self._body
        hand_up = ArmAngles(
            shoulder_plane_deg=60.0, shoulder_elevation_deg=100.0, shoulder_rotation_deg=55.0, elbow_flexion_deg=140.0
        )
        up = replace(before, left=hand_up) if side is Side.LEFT else replace(before, right=hand_up)
        return self.move(up, duration_s * 0.35).move(up, duration_s * 0.3).move(before, duration_s * 0.35)

    def turn_away(self, duration_s: float = 3.0, yaw_deg: float = 120.0) -> Routine:
        """Turn round on the spot and back again."""
        there = replace(self._place, yaw_deg=yaw_deg)
        return self.turn(there, duration_s * 0.35).stand(duration_s * 0.3).turn(Place(), duration_s * 0.35)

    def move(self, target: BodyAngles, duration_s: float) -> Routine:
        """Go from here to another pose."""
        before = self._body
        return self._add(_Stroke(duration_s, lambda share: blend(before, target, _eased(share)), self._still()))

    def turn(self, target: Place, duration_s: float = 0.8) -> Routine:
        """Turn or shift to another place without a step."""
        before, body = self._place, self._body
        return self._add(_Stroke(duration_s, lambda _: body, lambda share: _between(before, target, _eased(share))))

    def reps(self, plans: Sequence[RepPlan]) -> Routine:
        """Perform repetitions."""
        for plan in plans:
            self._rep(plan)
        return self

    def at(self, t_s: float) -> Moment:
        """Look at the person at one time; before the beginning and after the end they stay as they are."""
        if not self._strokes:
            raise ValueError("The routine is empty")
        i = max(0, bisect.bisect_right(self._starts_s, t_s) - 1)
        stroke = self._strokes[i]
        share = (t_s - self._starts_s[i]) / stroke.duration_s if stroke.duration_s > 0 else 1.0
        share = min(max(share, 0.0), 1.0)
        body = self._swayed(stroke.body(share), t_s)
        return Moment(t_s, body, stroke.place(share), stroke.phase, stroke.rep, stroke.progress(share))

    def frames(self, fps: float = 30.0) -> list[Moment]:
        """Look at the whole script at a steady frame rate."""
        return [self.at(i / fps) for i in range(int(self._duration_s * fps) + 1)]

    def _rep(self, plan: RepPlan) -> None:
        side = plan.side or self.side
        top = plan.reach * top_of_range(plan.faults)
        bottom = bottom_of_range(plan.faults)
        index = len(self.truth) + 1

        def body_at(progress: float) -> BodyAngles:
            body = pose_at(self.motion, progress, side)
            for fault, size in plan.faults.items():
                body = apply_fault(body, fault, size, progress, side)
            return body

        def pull(start: float, end: float, duration_s: float, phase: Phase) -> None:
            def progress(share: float) -> float:
                return start + (end - start) * _eased(share)

            self._add(
                _Stroke(duration_s, lambda share: body_at(progress(share)), self._still(), phase, index, progress)
            )

        self.move(body_at(0.0), plan.rest_s)
        start_s = self._duration_s
        pull(0.0, top, plan.concentric_s, Phase.CONCENTRIC)
        peak_s = self._duration_s
        pull(top, top, plan.hold_s, Phase.HOLD)
        hold_end_s = self._duration_s
        pull(top, bottom, release_s(plan.concentric_s, plan.eccentric_s, plan.faults), Phase.ECCENTRIC)
        self.truth.append(RepTruth(index, side, start_s, peak_s, hold_end_s, self._duration_s, top, dict(plan.faults)))

    def _fumble(self) -> ArmAngles:
        return ArmAngles(
            shoulder_plane_deg=float(self._rng.uniform(20, 70)),
            shoulder_elevation_deg=float(self._rng.uniform(10, 30)),
            shoulder_rotation_deg=float(self._rng.uniform(-60, -20)),
            elbow_flexion_deg=float(self._rng.uniform(60, 105)),
        )

    def _still(self) -> Callable[[float], Place]:
        place = self._place
        return lambda _: place

    def _walk(self, start: Place, end: Place) -> Routine:
        dx, dy = end.x_m - start.x_m, end.y_m - start.y_m
        yaw = float(np.degrees(np.arctan2(dx, -dy)))
        start, end = replace(start, yaw_deg=yaw), replace(end, yaw_deg=yaw)
        duration_s = float(np.hypot(dx, dy)) / WALK_M_S
        n_steps = max(2, round(duration_s / STEP_S))
        if self._strokes:
            self.turn(start)
        self._place = start
        standing = self._body

        def body(share: float) -> BodyAngles:
            in_stride = min(1.0, share * n_steps, (1.0 - share) * n_steps)
            return blend(standing, _walking(share * n_steps), _eased(in_stride))

        return self._add(_Stroke(duration_s, body, lambda share: _between(start, end, share)))

    def _add(self, stroke: _Stroke) -> Routine:
        self._strokes.append(stroke)
        self._starts_s.append(self._duration_s)
        self._duration_s += stroke.duration_s
        self._body, self._place = stroke.body(1.0), stroke.place(1.0)
        return self

    def _swayed(self, body: BodyAngles, t_s: float) -> BodyAngles:
        lean, bend, turn, head, breath = self._sway * np.sin(2 * np.pi * self._rates_hz * t_s + self._offsets)
        trunk = body.trunk
        return replace(
            body,
            trunk=replace(
                trunk,
                trunk_flexion_deg=trunk.trunk_flexion_deg + 0.4 * float(lean),
                trunk_side_bend_deg=trunk.trunk_side_bend_deg + 0.3 * float(bend),
                trunk_rotation_deg=trunk.trunk_rotation_deg + 0.5 * float(turn),
                head_flexion_deg=trunk.head_flexion_deg + 1.0 * float(head),
                thoracic_flexion_deg=trunk.thoracic_flexion_deg + 0.3 * float(breath),
            ),
        )


def _eased(share: float) -> float:
    return float(0.5 - 0.5 * np.cos(np.pi * share))


def _between(start: Place, end: Place, share: float) -> Place:
    return Place(
        start.x_m + share * (end.x_m - start.x_m),
        start.y_m + share * (end.y_m - start.y_m),
        start.yaw_deg + share * (end.yaw_deg - start.yaw_deg),
    )


def _walking(steps: float) -> BodyAngles:
    swing = float(np.sin(np.pi * steps))
    legs = LegAngles(stride_deg=STRIDE_DEG * swing, knee_flexion_deg=8.0)
    left, right = (
        ArmAngles(shoulder_plane_deg=20.0, shoulder_elevation_deg=6.0 - sign * 14.0 * swing, elbow_flexion_deg=18.0)
        for sign in (1.0, -1.0)
    )
    return BodyAngles(left, right, TrunkAngles(trunk_flexion_deg=3.0), legs)
