"""The fold from frames to events: the same code live and on a recording."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from unslouch.core import cues
from unslouch.core.arm import Arm, Movement
from unslouch.core.body import Body, BodyState, measure
from unslouch.core.events import (
    CheckResult,
    Event,
    LiveStatus,
    Rep,
    RepCompleted,
    SetEnd,
    SetFinished,
    SetStarted,
    Side,
    SpeechKind,
    Spoken,
    Verdict,
)
from unslouch.core.exercise import Exercise, view_of_side, within
from unslouch.core.form import VIEW_TOLERANCE_DEG, OwnReference
from unslouch.core.pose import PoseFrame

TOGETHER_WAIT_S = 0.25
"""How long a repetition of one arm waits for the other one, which moves with it."""
IDLE_S = 10.0
SWITCH_IDLE_S = 30.0
"""A set that goes on with the other side may idle longer."""
SPARE_REPS = 3

PersonalRange = Mapping[Side, tuple[float, float]]


@dataclass(slots=True)
class _Tally:
    """What was counted on one side."""

    good: int = 0
    attempt: int = 0
    not_seen: int = 0

    def add(self, verdict: Verdict) -> None:
        if verdict is Verdict.GOOD:
            self.good += 1
        elif verdict is Verdict.ATTEMPT:
            self.attempt += 1
        else:
            self.not_seen += 1

    @property
    def towards_target(self) -> int:
        return self.good + self.not_seen

    @property
    def total(self) -> int:
        return self.good + self.attempt + self.not_seen


@dataclass(slots=True)
class Outcome:
    """What came of a set, for a summary.

    Attributes
    ----------
    reps : every repetition, in order.
    refused : camera angles, deg, of movements that this view could not count.
    turn : the sentence that names the turn, "" when the view was suitable.
    not_judged : per check that was never judged, why.
    """

    reps: list[Rep] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    turn: str = ""
    not_judged: dict[str, str] = field(default_factory=dict)
    seen: bool = False


class Session:
    """One exercise, watched: feed it frames in order, it says what happened.

    Parameters
    ----------
    target_reps : good and not-seen repetitions, per side, after which the set ends; None counts without end.
    personal_range : per side the signal at the person's own start and full range, from calibration.
    """

    def __init__(
        self, exercise: Exercise, *, target_reps: int | None = None, personal_range: PersonalRange | None = None
    ) -> None:
        self.exercise = exercise
        self.status = LiveStatus(0.0)
        self._target = target_reps
        self._body = BodyState()
        self._cues = cues.CueState()
        own = OwnReference()
        ranges = personal_range or {}
        self._arms = {side: Arm(exercise, side, own, ranges.get(side)) for side in exercise.working_sides()}
        self._waiting: list[tuple[float, Movement]] = []
        self._emitted: list[Movement] = []
        self._tallies: dict[Side, _Tally] = {}
        self._outcome = Outcome()
        self._views: list[float] = []
        self._started = False
        self._moved_s = math.nan
        self._switched = False
        self._finished: SetEnd | None = None

    @property
    def finished(self) -> bool:
        """Whether the set is over; further frames change nothing."""
        return self._finished is not None

    @property
    def counts(self) -> dict[Side, dict[Verdict, int]]:
        """Repetitions so far, per side and verdict."""
        return {
            side: {Verdict.GOOD: t.good, Verdict.ATTEMPT: t.attempt, Verdict.NOT_SEEN: t.not_seen}
            for side, t in self._tallies.items()
        }

    def step(self, pose: PoseFrame) -> tuple[Event, ...]:
        """Take one frame in and say what happened.

        Frames must come in the order of their times; one that does not is ignored.
        """
        if self.finished or (pose.t_s <= self.status.t_s and self._outcome.seen):
            return ()
        body = measure(self._body, pose) if pose.somebody else None
        for side, arm in self._arms.items():
            movement = arm.step(pose.t_s, body)
            if movement:
                self._waiting.append((pose.t_s + self._patience_s(side, movement), movement))
        if body is not None:
            self._outcome.seen = True
            self._views.append(body.view_deg)
        events: list[Event] = []
        obstacle = self._look_around(pose.t_s, body)
        if self.status.ready and not self._started:
            self._started = True
            self._moved_s = pose.t_s
            events.append(SetStarted(pose.t_s))
        events += self._settle(pose.t_s)
        if not self._moving():
            events += cues.guide(self._cues, pose.t_s, obstacle)
        if self._target is not None:
            events += self._maybe_finish(pose.t_s)
        return tuple(events)

    def stop(self, t_s: float) -> tuple[Event, ...]:
        """End the set: settle what is pending."""
        if self.finished:
            return ()
        for arm in self._arms.values():
            movement = arm.close()
            if movement:
                self._waiting.append((t_s, movement))
        events = self._settle(t_s, everything=True)
        self._finished = SetEnd.STOPPED
        return (*events, SetFinished(t_s, SetEnd.STOPPED))

    def outcome(self) -> Outcome:
        """Sum up the set so far."""
        return replace(self._outcome, reps=list(self._outcome.reps), turn=self._turn(), not_judged=self._not_judged())

    # ------------------------------------------------------------------ repetitions

    def _patience_s(self, side: Side, movement: Movement) -> float:
        """Time to wait for the other arm: it may be about to end the same repetition."""
        if side is Side.BOTH:
            return 0.0
        other = self._arms[Side.RIGHT if side is Side.LEFT else Side.LEFT]
        began_s = other.began_s
        together = math.isfinite(began_s) and began_s < (movement.span.peak_s + movement.span.end_s) / 2
        return TOGETHER_WAIT_S if together else 0.0

    def _settle(self, t_s: float, *, everything: bool = False) -> list[Event]:
        """Emit the movements that need not wait any longer."""
        events: list[Event] = []
        while self._waiting:
            until_s, first = self._waiting[0]
            partner = next((m for _, m in self._waiting[1:] if _same_time(first, m)), None)
            if partner is None and t_s < until_s and not everything:
                break
            self._waiting = [(u, m) for u, m in self._waiting if m is not first and m is not partner]
            if any(_same_time(first, m) for m in self._emitted if m.side is not first.side):
                continue
            self._emitted = [m for m in self._emitted if m.span.end_s > first.span.start_s] + [first]
            events += self._emit(t_s, first, partner)
        return events

    def _emit(self, t_s: float, movement: Movement, partner: Movement | None) -> list[Event]:
        chosen = movement.joined(partner) if partner else movement
        self._moved_s = t_s
        if chosen.refused:
            self._outcome.refused.append(chosen.rep.view_deg or math.nan)
            return []
        rep = replace(chosen.rep, index=len(self._outcome.reps) + 1)
        self._outcome.reps.append(rep)
        tally = self._tallies.setdefault(rep.side, _Tally())
        tally.add(rep.verdict)
        spoken = cues.after_rep(self._cues, self.exercise, rep, tally.good, t_s)
        return [RepCompleted(t_s, rep), *spoken]

    # ------------------------------------------------------------------ the moment

    def _look_around(self, t_s: float, body: Body | None) -> str:
        """Update the status; say what keeps the exercise from being counted, "" when nothing does."""
        missing = cues.step_back(self.exercise.view, body) if body else cues.CANNOT_SEE
        turn = self._turn_now(body.view_deg) if body else ""
        self.status = LiveStatus(
            t_s=t_s,
            seen=not missing,
            view_deg=body.view_deg if body and math.isfinite(body.view_deg) else None,
            view_ok=not turn if body else None,
            ready=any(arm.ready for arm in self._arms.values()),
            sides={side: arm.status() for side, arm in self._arms.items()},
        )
        return missing or turn

    def _turn_now(self, view_deg: float) -> str:
        return cues.turn_to(self.exercise.view, view_deg, self.exercise.working_sides())

    def _moving(self) -> bool:
        return any(math.isfinite(arm.began_s) for arm in self._arms.values())

    # ------------------------------------------------------------------ the end of a set

    def _maybe_finish(self, t_s: float) -> list[Event]:
        assert self._target is not None
        why: SetEnd | None = None
        done = {side: self._why_done(tally) for side, tally in self._tallies.items()}
        both = done.get(Side.BOTH)
        one_sided = {side: end for side, end in done.items() if side is not Side.BOTH}
        if both or (len(one_sided) == 2 and all(one_sided.values())):
            why = both or SetEnd.TARGET
        elif any(one_sided.values()) and not self._switched:
            self._switched = True
            return [Spoken(t_s, SpeechKind.GUIDE, "Now the other side.")]
        elif self._outcome.reps and t_s - self._moved_s > (SWITCH_IDLE_S if self._switched else IDLE_S):
            why = None if self._moving() else SetEnd.IDLE
        if why is None:
            return []
        self._finished = why
        return [SetFinished(t_s, why)]

    def _why_done(self, tally: _Tally) -> SetEnd | None:
        assert self._target is not None
        if tally.towards_target >= self._target:
            return SetEnd.TARGET
        return SetEnd.ENOUGH if tally.total >= max(self._target, self.exercise.dose.reps[1]) + SPARE_REPS else None

    # ------------------------------------------------------------------ the summary

    def _turn(self) -> str:
        """Name the turn to make when this view could not be counted."""
        outcome = self._outcome
        if outcome.refused and len(outcome.refused) > len(outcome.reps):
            angles = sorted(outcome.refused)
            view, side = angles[len(angles) // 2], self.exercise.working_sides()[-1]
            sides = [side] if not self.exercise.one_sided else list(self.exercise.working_sides())
            return cues.turn_to(self.exercise.view, view, sides) or cues.turn_to(
                self.exercise.view, view, [Side.RIGHT if view > 0 else Side.LEFT]
            )
        if outcome.reps or not self._views:
            return ""
        views = sorted(v for v in self._views if math.isfinite(v))
        return self._turn_now(views[len(views) // 2]) if views else ""

    def _not_judged(self) -> dict[str, str]:
        """Say of every check that was never judged why it was not."""
        judged = {
            fault for rep in self._outcome.reps for fault, r in rep.checks.items() if r is not CheckResult.NOT_SEEN
        }
        return {
            check.fault: self._why_not_judged(check.fault)
            for check in self.exercise.check
            if check.fault not in judged and self._outcome.reps
        }

    def _why_not_judged(self, fault: str) -> str:
        check = next(c for c in self.exercise.check if c.fault == fault)
        views = self.exercise.signal.range_views if check.compare == "range" else check.views
        seen = [rep for rep in self._outcome.reps if rep.view_deg is not None]
        in_view = [
            rep for rep in seen if within(view_of_side(rep.view_deg or 0.0, rep.side), views, VIEW_TOLERANCE_DEG)
        ]
        if not in_view:
            return "this camera angle cannot show it"
        if check.reference == "same phase" and check.relative:
            return "it is compared with your own earlier repetitions, and there were none"
        return "the parts of the body it needs were not seen"


def _same_time(a: Movement, b: Movement) -> bool:
    """Whether two movements of different arms are one."""
    if a.side is b.side:
        return False
    overlap_s = min(a.span.end_s, b.span.end_s) - max(a.span.start_s, b.span.start_s)
    return overlap_s > 0.5 * min(a.span.end_s - a.span.start_s, b.span.end_s - b.span.start_s)
