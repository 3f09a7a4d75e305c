"""What a session says happened: plain data, the same live and on a recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """The person's own side."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Phase(StrEnum):
    """Where in a repetition the person is."""

    REST = "rest"
    CONCENTRIC = "concentric"
    HOLD = "hold"
    ECCENTRIC = "eccentric"


class Verdict(StrEnum):
    """What a repetition was."""

    GOOD = "good"
    ATTEMPT = "attempt"
    NOT_SEEN = "not_seen"


class CheckResult(StrEnum):
    """What one check says of one repetition."""

    OK = "ok"
    FAULT = "fault"
    NOT_SEEN = "not_seen"


class SpeechKind(StrEnum):
    """Why something is said; decides the voice, the caption's look and what may be dropped."""

    NUMBER = "number"
    CUE = "cue"
    GUIDE = "guide"
    PRAISE = "praise"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class RangeReached:
    """How far a repetition went.

    Attributes
    ----------
    feature, unit : the exercise's signal and its unit.
    value : the signal at the top, in `unit`.
    of_reference : share of the full movement, 1 = full; None when this view cannot tell.
    """

    feature: str
    value: float
    unit: str
    of_reference: float | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was off in one repetition."""

    id: str
    value: float
    limit: float
    unit: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition with its verdict. Times in s of the capture clock; `index` counts all repetitions from 1."""

    index: int
    side: Side
    view_deg: float | None
    start_s: float
    peak_s: float
    end_s: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    range: RangeReached
    verdict: Verdict
    checks: dict[str, CheckResult]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class RepCompleted:
    """A repetition ended; `t_s` is when that was known."""

    t_s: float
    rep: Rep


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something to say and to show as a caption; a tick is a soft sound and has no words."""

    t_s: float
    kind: SpeechKind
    text: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class SetStarted:
    """The start position was held: counting begins."""

    t_s: float


class SetEnd(StrEnum):
    """Why a set ended."""

    TARGET = "target"
    ENOUGH = "enough"
    IDLE = "idle"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SetFinished:
    """The set is over."""

    t_s: float
    why: SetEnd


Event = RepCompleted | Spoken | SetStarted | SetFinished


@dataclass(frozen=True, slots=True)
class SideStatus:
    """The working side at this moment, for the range bar."""

    phase: Phase = Phase.REST
    range_fraction: float | None = None


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """The moment, for the screen; None = not known.

    Attributes
    ----------
    seen : somebody is in the picture and what the exercise needs is visible.
    view_deg : camera angle, deg, 0 = front, + = the camera stands towards the person's left.
    view_ok : the exercise can be counted from here.
    ready : the start position was held; repetitions count.
    sides : what each side is doing ("left", "right", or "both").
    """

    t_s: float
    seen: bool = False
    view_deg: float | None = None
    view_ok: bool | None = None
    ready: bool = False
    sides: dict[Side, SideStatus] = field(default_factory=dict)
