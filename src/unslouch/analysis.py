"""A recording, folded: poses in, one account of the set out. The exercise is told or recognised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unslouch.core.events import Event, LiveStatus, Spoken, Verdict
from unslouch.core.exercise import Exercise
from unslouch.core.pose import PoseFrame
from unslouch.session import Outcome, Session

ENOUGH_REPS = 2
"""So many attempts, or one good repetition, make an exercise known."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known and said at one frame."""

    status: LiveStatus
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What came of a recording.

    Attributes
    ----------
    exercise : None when it was not recognised.
    outcome : the repetitions and what could not be judged; of the last candidate when not recognised.
    moments : per frame, for an overlay.
    somebody : a person was seen at all.
    """

    exercise: Exercise | None
    outcome: Outcome
    moments: list[Moment]
    somebody: bool

    @property
    def suitable(self) -> bool:
        """Whether the camera stood where the exercise can be counted."""
        return not self.outcome.turn

    @property
    def spoken(self) -> list[Spoken]:
        """Everything that was said, in order; ticks have no words."""
        return [event for moment in self.moments for event in moment.events if isinstance(event, Spoken)]


def watch(exercise: Exercise, poses: Iterable[PoseFrame]) -> tuple[Outcome, list[Moment]]:
    """Fold a whole recording as one set without a target."""
    session = Session(exercise)
    moments = []
    last_s = 0.0
    for pose in poses:
        events = session.step(pose)
        moments.append(Moment(session.status, events))
        last_s = pose.t_s
    if moments:
        moments[-1] = Moment(moments[-1].status, moments[-1].events + session.stop(last_s))
    return session.outcome(), moments


def account_for(poses: Sequence[PoseFrame], candidates: Sequence[Exercise]) -> Account:
    """Give an account of a recording of one of the candidates.

    With several candidates, each watches, and one is chosen only if it alone explains what was seen.
    """
    watched = [(exercise, *watch(exercise, poses)) for exercise in candidates]
    somebody = any(pose.somebody for pose in poses)
    if len(watched) == 1:
        return Account(watched[0][0], watched[0][1], watched[0][2], somebody)
    best, outcome, moments = max(watched, key=lambda w: _evidence(w[1]))
    rivals = [_evidence(o) for exercise, o, _ in watched if exercise is not best]
    known = _enough(outcome) and all(_evidence(outcome) > rival for rival in rivals)
    if known:
        return Account(best, outcome, moments, somebody)
    refused = next((o.turn for _, o, _ in watched if o.refused and o.turn), "")
    blank = [Moment(LiveStatus(pose.t_s), ()) for pose in poses]
    return Account(None, Outcome(turn=refused, seen=somebody), blank, somebody)


def _evidence(outcome: Outcome) -> tuple[int, int]:
    """Good repetitions, then all: what speaks for a candidate."""
    return sum(rep.verdict is Verdict.GOOD for rep in outcome.reps), len(outcome.reps)


def _enough(outcome: Outcome) -> bool:
    good, total = _evidence(outcome)
    return good > 0 or total >= ENOUGH_REPS
