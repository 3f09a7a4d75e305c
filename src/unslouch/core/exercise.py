"""What an exercise file says, as plain data; the catalogue reads and validates it.

The field names are the keys of the file. See docs/reference/exercise-file.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from unslouch.core.events import Phase, Side
from unslouch.core.motion import Motion

Evidence = Literal["measured", "literature", "judgement"]
ViewRange = tuple[float, float]
"""Camera angles, deg, from and to; for a one-sided exercise + is towards the working side, 0 is front."""

MOVING = (Phase.CONCENTRIC, Phase.HOLD, Phase.ECCENTRIC)


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold that says where it comes from."""

    value: float
    unit: str
    source: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class RangeLimit:
    """A level of the signal: a share of the person's own range or, without one, the fallback.

    `fallback` is one level for every view, or points [camera angle in deg, level] between which it is
    interpolated; the angle is taken without its sign where the points have none below zero.
    """

    of_personal_range: float
    fallback: float | tuple[tuple[float, float], ...]
    unit: str
    source: str
    evidence: Evidence

    def at_view(self, view_deg: float) -> float:
        """Level at a camera angle, in `unit`; held constant beyond the outermost points."""
        if isinstance(self.fallback, (int, float)):
            return float(self.fallback)
        return interpolate(self.fallback, view_deg)


def interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
    """Interpolate linearly between points sorted by their first number; constant outside them."""
    if points[0][0] >= 0:
        x = abs(x)
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


@dataclass(frozen=True, slots=True)
class Condition:
    """A feature that must lie within bounds.

    With `arm = "other"` it is about the arm that does not work. Where both arms work, it holds for `each`, for their
    mean, or for the one near the camera.
    """

    feature: str
    above: float | None = None
    below: float | None = None
    between: tuple[float, float] | None = None
    arm: Literal["working", "other"] = "working"
    on: Literal["each", "mean", "near"] = "each"

    def bounds(self) -> tuple[float, float]:
        """Lower and upper bound, in the unit of the feature."""
        if self.between is not None:
            return self.between
        low = float("-inf") if self.above is None else self.above
        high = float("inf") if self.below is None else self.below
        return low, high


@dataclass(frozen=True, slots=True)
class Muscles:
    """Muscles by their anatomical names."""

    main: tuple[str, ...]
    help: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to do the exercise with other equipment."""

    id: str
    equipment: tuple[str, ...]
    say: str = ""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Prescribed seconds of the phases."""

    concentric: float
    hold: float
    eccentric: float


@dataclass(frozen=True, slots=True)
class Dose:
    """How much to do."""

    reps: tuple[int, int]
    tempo_s: Tempo


@dataclass(frozen=True, slots=True)
class View:
    """From where the camera can count.

    `guide_to` is the camera angle to ask for; where both signs of an angle are in `count`, the nearer one.
    `needs` are the parts of the body that must be in the picture, in words for the user.
    """

    count: tuple[ViewRange, ...]
    guide_to: float
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """The start position: it must hold for `hold_s` before counting begins, and every repetition leaves from it."""

    hold_s: float
    require: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """One number that goes up in the concentric phase.

    `at_top` must hold at the top and `throughout` all along, or the movement is not this exercise.
    """

    feature: str
    full: RangeLimit
    count_from: RangeLimit
    range_views: tuple[ViewRange, ...]
    on: Literal["mean", "near", "worst"] = "mean"
    at_top: tuple[Condition, ...] = ()
    throughout: tuple[Condition, ...] = ()
    min_s: float = 0.8
    max_s: float = 12.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be (`must`) or should be (`should`) right in a repetition.

    Either `compare` names a measure of the whole repetition: "range" (the top of the signal over the full one),
    "eccentric_over_concentric", or "undershoot" (how far the release goes beyond the start, over the range). Or
    `feature` names what is looked at in every frame of the phases `during`, for at least `lasting_s`.
    With `full_range_only` a repetition that fell short is not judged: what belongs to the top did not happen.
    Exactly one of the four limits is given. A negative `falls_below_reference_by` asks for a rise: -0.06 is a fault
    below the reference plus 0.06.
    """

    fault: str
    say: str
    show: str = ""
    why: str = ""
    praise: str = ""
    severity: Literal["must", "should"] = "must"
    priority: int = 5
    compare: Literal["range", "eccentric_over_concentric", "undershoot"] | None = None
    feature: str | None = None
    on: Literal["mean", "near", "worst"] = "mean"
    reference: Literal["start", "same phase"] = "start"
    above: Limit | None = None
    below: Limit | None = None
    rises_above_reference_by: Limit | None = None
    falls_below_reference_by: Limit | None = None
    during: tuple[Phase, ...] = MOVING
    lasting_s: float = 0.25
    full_range_only: bool = False
    views: tuple[ViewRange, ...] = ((-180.0, 180.0),)

    @property
    def limit(self) -> Limit:
        """The one limit that is given."""
        given = self.above or self.below or self.rises_above_reference_by or self.falls_below_reference_by
        if given is None:
            raise ValueError(f"the check {self.fault} has no limit")
        return given

    @property
    def upwards(self) -> bool:
        """Whether the fault lies above the limit."""
        return self.above is not None or self.rises_above_reference_by is not None

    @property
    def relative(self) -> bool:
        """Whether the feature is compared with the person's own reference."""
        return self.rises_above_reference_by is not None or self.falls_below_reference_by is not None


@dataclass(frozen=True, slots=True)
class Safety:
    """When to stop, and for whom this is not."""

    stop_if: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: how it is done, what the camera can count and judge of it, and what is said."""

    schema: Literal[1]
    id: str
    name: str
    sides: Literal["one at a time", "both together"]
    setup: tuple[str, ...]
    purpose: str
    muscles: Muscles
    variant: tuple[Variant, ...]
    dose: Dose
    view: View
    start: Start
    signal: Signal
    motion: Motion
    check: tuple[Check, ...]
    sources: tuple[str, ...]
    safety: Safety = field(default_factory=Safety)
    aliases: tuple[str, ...] = ()
    easier: str = ""
    harder: str = ""

    @property
    def one_sided(self) -> bool:
        """Whether one arm works at a time."""
        return self.sides == "one at a time"

    def working_sides(self) -> tuple[Side, ...]:
        """List the sides that are counted apart."""
        return (Side.LEFT, Side.RIGHT) if self.one_sided else (Side.BOTH,)


def within(view_deg: float, ranges: Sequence[ViewRange], tolerance_deg: float = 0.0) -> bool:
    """Whether a camera angle lies in one of the ranges, or at most `tolerance_deg` outside."""
    return any(low - tolerance_deg <= view_deg <= high + tolerance_deg for low, high in ranges)


def view_of_side(view_deg: float, side: Side) -> float:
    """Camera angle as the working side sees it: + is towards that side; unchanged for both arms."""
    return -view_deg if side is Side.RIGHT else view_deg
