"""A coach without eyes: its estimator sees nobody, its session counts every third frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from unslouch.core.events import (
    CheckResult,
    Event,
    Fault,
    LiveStatus,
    Phase,
    RangeReached,
    Rep,
    RepCompleted,
    SetEnd,
    SetFinished,
    Side,
    SideStatus,
    SpeechKind,
    Spoken,
    Verdict,
)
from unslouch.core.exercise import Check, Dose, Exercise, Limit, Muscles, RangeLimit, Signal, Start, Tempo, View
from unslouch.core.motion import Motion
from unslouch.core.pose import PoseFrame, nobody
from unslouch.ports import Frame, Image, SourceError
from unslouch.session import Outcome
from unslouch.web.services import CoachServices

FRAMES_A_REP = 3
JPEG = b"\xff\xd8 a picture"
"""Begins as every JPEG does; more the fake coach does not ask of a picture."""


def make_rep(index: int, *, side: Side = Side.BOTH, verdict: Verdict = Verdict.GOOD, fault: str = "") -> Rep:
    """Make a repetition of one second up and one down."""
    return Rep(
        index=index,
        side=side,
        view_deg=0.0,
        start_s=0.0,
        peak_s=1.0,
        end_s=2.0,
        concentric_s=1.0,
        hold_s=0.1,
        eccentric_s=0.9,
        range=RangeReached("spread", 1.0, "torso", float("nan")),
        verdict=verdict,
        checks={fault: CheckResult.FAULT} if fault else {},
        faults=(Fault(fault, 1.0, 0.5, "1", 0.5),) if fault else (),
    )


def make_exercise(exercise_id: str = "wave", *, one_sided: bool = False, dose: tuple[int, int] = (2, 4)) -> Exercise:
    """Make an exercise that no catalogue knows."""
    level = RangeLimit(0.5, 0.5, "torso", "made up", "judgement")
    return Exercise(
        schema=1,
        id=exercise_id,
        name=f"Wave{' with one hand' if one_sided else ''}",
        sides="one at a time" if one_sided else "both together",
        setup=("Lift a hand.",),
        purpose="Says hello.",
        muscles=Muscles(("deltoid",)),
        variant=(),
        dose=Dose(dose, Tempo(1.0, 0.0, 1.0)),
        view=View(((-90.0, 90.0),), 0.0, ("wrists",)),
        start=Start(0.5, ()),
        signal=Signal("spread", level, level, ()),
        motion=Motion(()),
        check=(Check("shrug", "Low.", "Keep your shoulders low.", above=Limit(0.5, "torso", "made up", "judgement")),),
        sources=(),
    )


class CountingSession:
    """Calls every third frame (or so) the end of a repetition: a good one, or the next one in the script."""

    def __init__(
        self, exercise: Exercise, target_reps: int, frames_a_rep: int = FRAMES_A_REP, script: Sequence[Rep] = ()
    ) -> None:
        self.exercise, self.target = exercise, target_reps
        self.frames_a_rep, self.script = frames_a_rep, list(script)
        self.times_s: list[float] = []
        self.status = LiveStatus(0.0)
        self.reps: list[Rep] = []

    def step(self, pose: PoseFrame) -> tuple[Event, ...]:
        """Count the frame."""
        t_s = pose.t_s
        self.times_s.append(t_s)
        self.status = LiveStatus(t_s, sides={Side.BOTH: SideStatus(Phase.CONCENTRIC, 0.5)})
        if len(self.times_s) % self.frames_a_rep:
            return ()
        self.reps.append(self.script.pop(0) if self.script else make_rep(len(self.reps) + 1))
        said = self._comment(t_s, self.reps[-1])
        over = (SetFinished(t_s, SetEnd.TARGET),) if len(self.reps) == self.target else ()
        return (RepCompleted(t_s, self.reps[-1]), said, *over)

    def _comment(self, t_s: float, rep: Rep) -> Spoken:
        if rep.verdict is Verdict.NOT_SEEN:
            return Spoken(t_s, SpeechKind.TICK, "")
        if rep.verdict is Verdict.ATTEMPT:
            return Spoken(t_s, SpeechKind.CUE, self.exercise.check[0].say, rep.faults[0].id)
        good = sum(r.verdict is Verdict.GOOD and r.side is rep.side for r in self.reps)
        return Spoken(t_s, SpeechKind.NUMBER, str(good))

    def stop(self, t_s: float) -> tuple[Event, ...]:
        """End the set."""
        return (SetFinished(t_s, SetEnd.STOPPED),)

    def outcome(self) -> Outcome:
        """List the repetitions."""
        return Outcome(reps=self.reps)


class BlindEstimator:
    """Sees nobody, and minds in which thread it is used."""

    def __init__(self, diary: list[str], takes_s: float = 0.0) -> None:
        self.diary, self.takes_s = diary, takes_s
        self.thread = threading.current_thread()

    def estimate(self, frame: Frame) -> PoseFrame:
        """See nobody."""
        if threading.current_thread() is not self.thread:
            raise RuntimeError("an estimator belongs to the thread that opened it")
        time.sleep(self.takes_s)
        return nobody(frame.t_s, (4, 3))

    def reset(self) -> None:
        """Note it."""
        self.diary.append("reset")

    def close(self) -> None:
        """Note it."""
        self.diary.append("closed")


class FakeCoach:
    """Hands out the fakes and remembers them."""

    def __init__(
        self,
        clips: Path | None = None,
        frames_a_rep: int = FRAMES_A_REP,
        script: Sequence[Rep] = (),
        dose: tuple[int, int] = (2, 4),
        takes_s: float = 0.0,
    ) -> None:
        self.frames_a_rep, self.script, self.takes_s = frames_a_rep, script, takes_s
        self.diary: list[str] = []
        self.sessions: list[CountingSession] = []
        self.exercises = {
            e.id: e for e in (make_exercise(dose=dose), make_exercise("wave-one", one_sided=True, dose=dose))
        }
        self.services = CoachServices(
            load_exercises=lambda: self.exercises,
            open_estimator=self._open_estimator,
            open_session=self._open_session,
            decode_jpeg=self._decode,
            clips=clips,
        )

    def _open_estimator(self) -> BlindEstimator:
        self.diary.append("opened")
        return BlindEstimator(self.diary, self.takes_s)

    def _open_session(self, exercise: Exercise, target_reps: int) -> CountingSession:
        self.sessions.append(CountingSession(exercise, target_reps, self.frames_a_rep, self.script))
        return self.sessions[-1]

    @staticmethod
    def _decode(jpeg: bytes) -> Image:
        if not jpeg.startswith(JPEG[:2]):
            raise SourceError("The camera sent a picture that cannot be read.")
        return np.zeros((3, 4, 3), np.uint8)
