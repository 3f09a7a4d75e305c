"""One set as the live page sees it: frames in, answers out; survives a lost connection."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from unslouch.core.events import Event, Rep, RepCompleted, SetFinished
from unslouch.core.exercise import Exercise
from unslouch.core.pose import SKELETON
from unslouch.ports import Frame, Image, PoseEstimator
from unslouch.web.clock import CaptureClock
from unslouch.web.services import CoachServices, LiveSession
from unslouch.web.summary import summarise
from unslouch.web.wire import FrameMessage, event_to_plain, frame_answer, to_plain

KEPT_SETS = 8
"""How many sets are remembered for a page that comes back."""


class LiveSet:
    """A session, its clock and what it has said so far."""

    def __init__(self, set_id: str, exercise: Exercise, session: LiveSession) -> None:
        self.id = set_id
        self.exercise = exercise
        self.session = session
        self.clock = CaptureClock()
        self.reps: list[Rep] = []
        self.finished: SetFinished | None = None

    def step(self, message: FrameMessage, image: Image, estimator: PoseEstimator) -> dict[str, Any]:
        """Look at one picture and answer what it changed."""
        pose = estimator.estimate(Frame(self.clock.compute_t_s(message.t_ms), image))
        events = self.session.step(pose)
        self._remember(events)
        return frame_answer(message.seq, pose, self.session.status, events)

    def stop(self) -> list[dict[str, Any]]:
        """End the set where it stands."""
        if self.finished is not None:
            return []
        events = self.session.stop(self.clock.last_s)
        self._remember(events)
        return [event_to_plain(event) for event in events]

    def describe(self) -> dict[str, Any]:
        """Tell a page that comes back what it needs to draw the set again."""
        return {"reps": [to_plain(rep) for rep in self.reps], "skeleton": [[int(a), int(b)] for a, b in SKELETON]}

    def summarise(self) -> dict[str, Any]:
        """Sum the set up, with its repetitions."""
        return {**summarise(self.exercise, self.session.outcome()), "reps": [to_plain(rep) for rep in self.reps]}

    def _remember(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RepCompleted):
                self.reps.append(event.rep)
            elif isinstance(event, SetFinished):
                self.finished = event


class LiveSets:
    """The sets of this server by the id that the page gave them; the oldest are forgotten."""

    def __init__(self, coach: CoachServices) -> None:
        self._coach = coach
        self._sets: OrderedDict[str, LiveSet] = OrderedDict()

    def find_or_open(self, set_id: str, exercise: Exercise, target_reps: int | None) -> LiveSet:
        """Continue the set with this id, or begin it; without a target, the exercise's own dose."""
        live_set = self._sets.pop(set_id, None)
        if live_set is None or live_set.exercise.id != exercise.id:
            live_set = LiveSet(
                set_id, exercise, self._coach.open_session(exercise, target_reps or exercise.dose.reps[1])
            )
        live_set.clock.restart()
        self._sets[set_id] = live_set
        while len(self._sets) > KEPT_SETS:
            self._sets.popitem(last=False)
        return live_set
