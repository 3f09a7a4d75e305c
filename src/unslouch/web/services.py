"""What the page needs from the rest of the house, handed in so that tests can hand in something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from unslouch.core.events import Event, LiveStatus
from unslouch.core.exercise import Exercise
from unslouch.core.pose import PoseFrame
from unslouch.ports import Image, PoseEstimator

if TYPE_CHECKING:
    from unslouch.session import Outcome

LIVE_THREADS = 2
"""Threads of the live estimator: one person is waiting for one frame, so both cores work on it."""


class LiveSession(Protocol):
    """The part of a session that the live stream drives."""

    @property
    def status(self) -> LiveStatus:
        """The moment, for the screen."""

    def step(self, pose: PoseFrame) -> tuple[Event, ...]:
        """Fold one frame in."""

    def stop(self, t_s: float) -> tuple[Event, ...]:
        """End the set."""

    def outcome(self) -> Outcome:
        """Sum the set up."""


@dataclass(frozen=True, slots=True)
class CoachServices:
    """What the page is built from.

    Attributes
    ----------
    load_exercises : the catalogue by id; called on the first request, then remembered by the caller.
    open_estimator : a pose estimator of one's own; called in the thread that will use it.
    open_session : a new set of this exercise, up to so many good repetitions (a side).
    decode_jpeg : one picture; raises SourceError when it is none.
    clips : folder with bundled clips and their `clips.toml`; None when there is none.
    """

    load_exercises: Callable[[], Mapping[str, Exercise]]
    open_estimator: Callable[[], PoseEstimator]
    open_session: Callable[[Exercise, int], LiveSession]
    decode_jpeg: Callable[[bytes], Image]
    clips: Path | None


def default_services() -> CoachServices:
    """Take everything from bootstrap; nothing heavy is imported before it is asked for."""

    @cache
    def load_exercises() -> Mapping[str, Exercise]:
        from unslouch.bootstrap import load_catalogue

        return load_catalogue()

    def open_estimator() -> PoseEstimator:
        from unslouch.bootstrap import open_estimator

        return open_estimator(threads=LIVE_THREADS)

    def open_session(exercise: Exercise, target_reps: int) -> LiveSession:
        from unslouch.session import Session

        return Session(exercise, target_reps=target_reps)

    def decode_jpeg(jpeg: bytes) -> Image:
        from unslouch.frames.jpeg import decode_jpeg

        return decode_jpeg(jpeg)

    return CoachServices(
        load_exercises=load_exercises,
        open_estimator=open_estimator,
        open_session=open_session,
        decode_jpeg=decode_jpeg,
        clips=Path(__file__).parent.parent / "data" / "clips",
    )
