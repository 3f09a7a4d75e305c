"""One working arm (or both, where they work together): its frames, its movements, and their verdicts."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unslouch.core import reps
from unslouch.core.body import Body
from unslouch.core.events import CheckResult, Fault, Phase, RangeReached, Rep, Side, SideStatus, Verdict
from unslouch.core.exercise import Condition, Exercise, view_of_side, within
from unslouch.core.features import FEATURES
from unslouch.core.form import VIEW_TOLERANCE_DEG, Evidence, OwnReference, judge, reference_share

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}
MOST = 0.8
"""Share of a movement in which what holds throughout must hold: the estimate slips now and then."""
KEEP_S = 3.0
"""How much is remembered beyond the longest repetition, s."""
LEAVE_S = 2.0
"""Away from the start position, and not moving, for longer: it must be held again."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was measured in one frame; `values` follow the arm's list of probes."""

    t_s: float
    signal: float
    view_deg: float
    at_start: bool
    at_top: bool
    throughout: bool
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """A repetition, or one that this view cannot count (`refused`)."""

    side: Side
    span: reps.Span
    rep: Rep
    refused: bool
    off_view_deg: float

    def joined(self, other: Movement) -> Movement:
        """Make one repetition of both arms of two that happened together.

        The arm that was seen, and from the better angle, tells times, range and view; a fault of either arm counts.
        """
        best, second = sorted(
            (self, other), key=lambda m: (m.refused, m.rep.verdict is Verdict.NOT_SEEN, m.off_view_deg)
        )
        if best.refused or second.refused:
            return replace(best, rep=replace(best.rep, side=Side.BOTH))
        checks = {
            fault: _worse(result, second.rep.checks.get(fault, CheckResult.NOT_SEEN))
            for fault, result in best.rep.checks.items()
        }
        known = {fault.id for fault in best.rep.faults}
        faults = best.rep.faults + tuple(f for f in second.rep.faults if f.id not in known)
        verdict = best.rep.verdict
        if second.rep.verdict is Verdict.ATTEMPT and verdict is Verdict.GOOD:
            verdict = Verdict.ATTEMPT
        return replace(best, rep=replace(best.rep, side=Side.BOTH, checks=checks, faults=faults, verdict=verdict))


def _worse(a: CheckResult, b: CheckResult) -> CheckResult:
    if CheckResult.FAULT in (a, b):
        return CheckResult.FAULT
    return CheckResult.OK if CheckResult.OK in (a, b) else CheckResult.NOT_SEEN


def _mean_direction(angles_deg: Sequence[float]) -> float:
    """Mean of directions, deg, which works across 180 too; NaN of none."""
    if not angles_deg:
        return math.nan
    angles = [math.radians(angle) for angle in angles_deg]
    return math.degrees(math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))))


class Arm:
    """Counts and judges one side of one exercise."""

    def __init__(
        self, exercise: Exercise, side: Side, own: OwnReference, personal_range: tuple[float, float] | None = None
    ) -> None:
        self.side = side
        self.ready = False
        self._exercise = exercise
        self._own = own
        self._personal = personal_range
        self._state = reps.CounterState()
        self._looks: deque[Look] = deque()
        self._levels = self._levels_at(0.0)
        self._held_since_s = math.nan
        self._left_s = math.nan
        self._held_base = math.nan
        self._last_signal = math.nan
        self._checks = [c for c in exercise.check if c.feature is not None]

    @property
    def began_s(self) -> float:
        """When the movement in progress began, s; NaN at rest."""
        return self._state.began_s

    def step(self, t_s: float, body: Body | None) -> Movement | None:
        """Take one frame in; nobody seen is None."""
        look = self._look(t_s, body)
        self._looks.append(look)
        while t_s - self._looks[0].t_s > self._exercise.signal.max_s + KEEP_S:
            self._looks.popleft()
        self._follow_start(look)
        if not math.isfinite(self._state.began_s) and math.isfinite(look.view_deg):
            self._levels = self._levels_at(view_of_side(look.view_deg, self.side))
        self._last_signal = look.signal
        span = reps.step(
            self._state,
            reps.Sample(t_s, look.signal, look.at_start and self.ready),
            self._levels,
            self._exercise.signal.max_s,
        )
        return self._movement(span) if span else None

    def close(self) -> Movement | None:
        """End what is in progress: a release that is nearly done counts."""
        span = reps.close_now(self._state, self._levels)
        return self._movement(span) if span else None

    def status(self) -> SideStatus:
        """Say where the arm is, for the range bar."""
        base = self._state.base
        if not math.isfinite(base) or not math.isfinite(self._last_signal):
            return SideStatus(Phase.REST, None)
        share = (self._last_signal - base) / max(self._levels.full - base, 1e-9)
        return SideStatus(reps.phase_now(self._state), max(0.0, min(share, 1.2)))

    # ------------------------------------------------------------------ one frame

    def _look(self, t_s: float, body: Body | None) -> Look:
        signal = self._exercise.signal
        if body is None:
            return Look(t_s, math.nan, math.nan, False, False, False, (math.nan,) * len(self._checks))
        values = tuple(
            FEATURES[check.feature](body, self.side, check.on) for check in self._checks if check.feature is not None
        )
        return Look(
            t_s=t_s,
            signal=FEATURES[signal.feature](body, self.side, signal.on),
            view_deg=body.view_deg,
            at_start=self._all(self._exercise.start.require, body),
            at_top=self._all(signal.at_top, body),
            throughout=self._all(signal.throughout, body),
            values=values,
        )

    def _all(self, conditions: Sequence[Condition], body: Body) -> bool:
        """Whether every condition holds; one that cannot be seen does not hold."""
        return all(self._holds(condition, body) for condition in conditions)

    def _holds(self, condition: Condition, body: Body) -> bool:
        side = _OTHER[self.side] if condition.arm == "other" else self.side
        low, high = condition.bounds()
        feature = FEATURES[condition.feature]
        if condition.on == "each" and side is Side.BOTH and feature.sided:
            return all(low <= feature.compute(body, one) <= high for one in (Side.LEFT, Side.RIGHT))
        return low <= feature(body, side, condition.on) <= high

    def _levels_at(self, view_deg: float) -> reps.Levels:
        signal = self._exercise.signal
        if self._personal is None:
            return reps.Levels(signal.full.at_view(view_deg), signal.count_from.at_view(view_deg))
        rest, full = self._personal
        return reps.Levels(
            rest + signal.full.of_personal_range * (full - rest),
            rest + signal.count_from.of_personal_range * (full - rest),
        )

    def _follow_start(self, look: Look) -> None:
        """Become ready when the start position was held; stop being so after leaving it for long."""
        if look.at_start:
            self._left_s = math.nan
            if math.isnan(self._held_since_s):
                self._held_since_s = look.t_s
            if look.t_s - self._held_since_s >= self._exercise.start.hold_s:
                self.ready = True
            return
        self._held_since_s = math.nan
        if math.isfinite(self._state.began_s):
            self._left_s = math.nan
        elif math.isnan(self._left_s):
            self._left_s = look.t_s
        elif look.t_s - self._left_s > LEAVE_S:
            self.ready = False

    # ------------------------------------------------------------------ one movement

    def _movement(self, span: reps.Span) -> Movement | None:
        """Make a repetition of a span; None when it is not this exercise."""
        looks = list(self._looks)
        if not self.ready or not self._is_the_exercise(looks, span):
            return None
        if span.end_s - span.start_s < self._exercise.signal.min_s:
            return None
        angles = [k.view_deg for k in looks if span.start_s <= k.t_s <= span.end_s and math.isfinite(k.view_deg)]
        view_deg = _mean_direction(angles)
        seen_deg = view_of_side(view_deg, self.side)
        refused = not within(seen_deg, self._exercise.view.count, VIEW_TOLERANCE_DEG)
        if math.isnan(self._held_base):
            self._held_base = span.base
        evidence = Evidence(
            side=self.side,
            span=span,
            levels=self._levels,
            view_deg=view_deg,
            series={c.fault: [(k.t_s, k.values[i]) for k in looks] for i, c in enumerate(self._checks)},
            set_base=self._held_base,
        )
        off_view_deg = abs(abs(seen_deg) - abs(self._exercise.view.guide_to))
        return Movement(self.side, span, self._rep(evidence, refused=refused), refused, off_view_deg)

    def _rep(self, evidence: Evidence, *, refused: bool) -> Rep:
        signal, span = self._exercise.signal, evidence.span
        checks: dict[str, CheckResult] = {}
        faults: tuple[Fault, ...] = ()
        if refused:
            verdict = Verdict.NOT_SEEN
        else:
            verdict, checks, faults = judge(self._exercise, evidence, self._own)
        can_judge = within(view_of_side(evidence.view_deg, self.side), signal.range_views, VIEW_TOLERANCE_DEG)
        share = round(reference_share(self._exercise, span, evidence.levels), 3) if can_judge else None
        return Rep(
            index=0,
            side=self.side,
            view_deg=round(evidence.view_deg, 1) if math.isfinite(evidence.view_deg) else None,
            start_s=round(span.start_s, 3),
            peak_s=round(span.peak_s, 3),
            end_s=round(span.end_s, 3),
            concentric_s=round(span.peak_s - span.start_s, 3),
            hold_s=round(span.hold_end_s - span.peak_s, 3),
            eccentric_s=round(span.end_s - span.hold_end_s, 3),
            range=RangeReached(signal.feature, round(span.top, 3), signal.full.unit, share),
            verdict=verdict,
            checks=checks,
            faults=faults,
        )

    def _is_the_exercise(self, looks: Sequence[Look], span: reps.Span) -> bool:
        """Whether the positions are the exercise's, at the top, all along, and back at the end.

        What was not seen is not held against it.
        """
        moving = [k for k in looks if span.start_s <= k.t_s <= span.end_s and math.isfinite(k.signal)]
        top = [k for k in moving if span.peak_s - 0.15 <= k.t_s <= span.hold_end_s + 0.15]
        back = [k for k in looks if k.t_s > span.hold_end_s and math.isfinite(k.signal)]
        return (
            sum(k.at_top for k in top) >= 0.5 * len(top)
            and sum(k.throughout for k in moving) >= MOST * len(moving)
            and (not back or any(k.at_start for k in back))
        )
