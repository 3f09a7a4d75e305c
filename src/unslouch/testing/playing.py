"""The same frames twice: as a camera for Chromium, and through the batch fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from unslouch.core.events import Event, Rep, RepCompleted, SpeechKind, Spoken
from unslouch.ports import Frame
from unslouch.session import Session
from unslouch.web.services import CoachServices

HEAD_S = 3.0
"""Still picture at the start: Chromium's camera plays while the page is still getting ready."""
TAIL_S = 3.0
"""Still picture at the end, after which Chromium starts over."""


@dataclass(frozen=True)
class Played:
    """What a set was."""

    reps: list[Rep]
    said: list[Spoken]

    @property
    def cues(self) -> list[str]:
        """Cues and praise in their order."""
        return [s.text for s in self.said if s.kind in {SpeechKind.CUE, SpeechKind.PRAISE}]

    @property
    def numbers(self) -> list[str]:
        """Numbers in their order."""
        return [s.text for s in self.said if s.kind is SpeechKind.NUMBER]


def write_y4m(clip: Path, out: Path) -> float:
    """Write a clip between two still pictures as raw video; returns its length, s."""
    with av.open(str(clip)) as container, out.open("wb") as raw:
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 30)
        size = f"W{stream.width} H{stream.height} F{rate.numerator}:{rate.denominator}"
        raw.write(f"YUV4MPEG2 {size} Ip A1:1 C420jpeg\n".encode())
        count = 0
        for picture in _with_stills(container.decode(stream), rate):
            raw.write(b"FRAME\n" + picture)
            count += 1
    return float(count / rate)


def _with_stills(pictures: Iterator[av.VideoFrame], rate: Fraction) -> Iterator[bytes]:
    planes = b""
    for index, picture in enumerate(pictures):
        planes = np.ascontiguousarray(picture.to_ndarray(format="yuv420p")).tobytes()
        yield from [planes] * (round(HEAD_S * rate) if index == 0 else 1)
    yield from [planes] * round(TAIL_S * rate)


def fold(y4m: Path, coach: CoachServices, exercise_id: str) -> Played:
    """Analyse the camera's own file in one go."""
    session = Session(coach.load_exercises()[exercise_id])
    estimator = coach.open_estimator()
    events: list[Event] = []
    with av.open(str(y4m)) as container:
        for picture in container.decode(video=0):
            frame = Frame(float(picture.time), np.asarray(picture.to_ndarray(format="bgr24"), np.uint8))
            events += session.step(estimator.estimate(frame))
            last_s = frame.t_s
    estimator.close()
    events += session.stop(last_s)
    return Played([e.rep for e in events if isinstance(e, RepCompleted)], [e for e in events if isinstance(e, Spoken)])
