"""From a signal to repetitions: the phase machine, and the times of the phases.

The signal goes up in the concentric phase. `step` is fed every frame, seen or not, and says when a repetition ended.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from unslouch.core.events import Phase

ONSET = 0.2
"""Share of the way to the full signal at which a rest becomes a movement."""
RELEASED = 0.85
"""Share of the way back down after which the release counts as done, once it slows."""
TURNED = 0.6
"""Share of the way back down from which a new rise is a new repetition."""
STILL_PER_S = 0.25
"""Speed, in movements per second, below which the arm has arrived."""
LINGER_S = 0.35
"""A release that is done but does not slow ends after this."""
SLACK_S = 1.2
"""A release that slides on beyond the start is followed for this long."""
STALLED_S = 0.7
"""A release that stops short of the start ends after this."""
REST_WINDOW_S = 1.2
MIN_SHARE = 0.5
"""Share of the full movement below which nothing was attempted."""
HIDDEN_S, HIDDEN_SHARE = 0.5, 0.3
"""A movement that had come this far when it was lost from sight for longer is one, however far it went."""
BLINK_S = 0.25
"""What is not seen for no longer than this hides nothing that matters."""
LONG_GAP_S = 1.5
"""After a longer gap at rest, what the rest level was is not known any more."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The signal in one frame, NaN = not seen, and whether the body is where a repetition leaves from."""

    t_s: float
    value: float
    at_start: bool = True


@dataclass(frozen=True, slots=True)
class Levels:
    """What the signal must reach: levels in its unit."""

    full: float
    count_from: float


@dataclass(frozen=True, slots=True)
class Span:
    """One movement out and back.

    Attributes
    ----------
    start_s, peak_s, hold_end_s, end_s : when it left the start, reached the top, left the top, was back; s.
    base : the signal before, `low` after, `top` at the top.
    lost_fraction : share of its time in which the signal was not seen, [0, 1].
    lost_top : the signal was not seen at the top.
    """

    start_s: float
    peak_s: float
    hold_end_s: float
    end_s: float
    base: float
    top: float
    low: float
    lost_fraction: float
    lost_top: bool

    def phase_at(self, t_s: float) -> Phase:
        """Phase of a moment."""
        if t_s < self.start_s or t_s > self.end_s:
            return Phase.REST
        if t_s < self.peak_s:
            return Phase.CONCENTRIC
        return Phase.HOLD if t_s <= self.hold_end_s else Phase.ECCENTRIC


@dataclass(slots=True)
class CounterState:
    """Where one counter is."""

    rest: deque[Sample] = field(default_factory=deque)
    moving: list[Sample] | None = None
    base: float = math.nan
    peak: float = math.nan
    low: float = math.nan
    released_s: float = math.nan
    seen_s: float = -math.inf
    tight: float = math.nan

    @property
    def began_s(self) -> float:
        """When the movement in progress was first noticed, s; NaN at rest."""
        return self.moving[0].t_s if self.moving else math.nan


def step(state: CounterState, sample: Sample, levels: Levels, max_s: float) -> Span | None:
    """Take one frame in; return the movement that ended with it, if one did.

    Too small movements are forgotten. Advances `state`.
    """
    if state.moving is None:
        _rest(state, sample, levels)
        return None
    state.moving.append(sample)
    if sample.t_s - state.moving[0].t_s > max_s + REST_WINDOW_S:
        _forget(state)
        return None
    if not math.isfinite(sample.value):
        return None
    if sample.value > state.peak:
        state.peak, state.low, state.released_s = sample.value, sample.value, math.nan
    state.low = min(state.low, sample.value)
    if not _ended(state, sample):
        return None
    return _close(state, levels)


def close_now(state: CounterState, levels: Levels) -> Span | None:
    """End what is in progress: a movement that is mostly back counts."""
    if state.moving is None or _share_back(state, state.low) < TURNED:
        return None
    return _close(state, levels)


def phase_now(state: CounterState) -> Phase:
    """Phase of the movement in progress, as far as it can be known now."""
    if state.moving is None or not math.isfinite(state.peak):
        return Phase.REST
    last = next((s.value for s in reversed(state.moving) if math.isfinite(s.value)), state.peak)
    if _share_back(state, last) > 0.15:
        return Phase.ECCENTRIC
    earlier = [s for s in state.moving[-8:] if math.isfinite(s.value)]
    if len(earlier) < 2:
        return Phase.CONCENTRIC
    speed = (earlier[-1].value - earlier[0].value) / max(earlier[-1].t_s - earlier[0].t_s, 1e-6)
    return Phase.CONCENTRIC if speed > STILL_PER_S * (state.peak - state.base) else Phase.HOLD


def _rest(state: CounterState, sample: Sample, levels: Levels) -> None:
    if not math.isfinite(sample.value):
        return
    if sample.t_s - state.seen_s > LONG_GAP_S:
        state.rest.clear()
    state.seen_s = sample.t_s
    state.rest.append(sample)
    while state.rest and sample.t_s - state.rest[0].t_s > REST_WINDOW_S:
        state.rest.popleft()
    starts = [s.value for s in state.rest if s.at_start]
    if not starts:
        state.base = math.nan
        return
    state.base = min(starts)
    way = max(levels.full - state.base, levels.full - levels.count_from)
    if sample.value > state.base + ONSET * way:
        state.moving = list(state.rest)
        state.peak = state.low = sample.value
        state.released_s = math.nan


def _share_back(state: CounterState, value: float) -> float:
    return (state.peak - value) / max(state.peak - state.base, 1e-9)


def _ended(state: CounterState, sample: Sample) -> bool:
    assert state.moving is not None
    amplitude = max(state.peak - state.base, 1e-9)
    back = _share_back(state, state.low)
    if back >= TURNED and sample.value > state.low + 0.15 * amplitude:
        return True
    if _share_back(state, sample.value) >= RELEASED:
        if math.isnan(state.released_s):
            state.released_s = sample.t_s
        if _going_slack(state, sample, amplitude):
            return False
        return sample.t_s - state.released_s >= LINGER_S or _speed(state.moving, 0.1) > -STILL_PER_S * amplitude
    return back >= TURNED and sample.t_s - state.moving[0].t_s > STALLED_S and _still(state.moving, amplitude)


def _going_slack(state: CounterState, sample: Sample, amplitude: float) -> bool:
    """Whether the arm slides on beyond the start: the release is not over, however slow it is."""
    assert state.moving is not None
    tight = state.base if math.isnan(state.tight) else max(state.base, state.tight)
    beyond = sample.value < tight - 0.03 * amplitude
    return beyond and sample.t_s - state.released_s < SLACK_S and _speed(state.moving, 0.1) < -0.06 * amplitude


def _speed(samples: Sequence[Sample], over_s: float) -> float:
    """Mean speed over the last moments, units per second; -inf while they are too few to tell."""
    last = samples[-1]
    for earlier in reversed(samples[:-1]):
        if last.t_s - earlier.t_s >= over_s and math.isfinite(earlier.value):
            return (last.value - earlier.value) / (last.t_s - earlier.t_s)
    return -math.inf


def _still(samples: Sequence[Sample], amplitude: float) -> bool:
    recent = [s.value for s in samples if samples[-1].t_s - s.t_s <= STALLED_S and math.isfinite(s.value)]
    return max(recent) - min(recent) < 0.06 * amplitude


def _close(state: CounterState, levels: Levels) -> Span | None:
    """End the movement in progress; what came after its lowest point is the next rest."""
    assert state.moving is not None
    samples, base, peak, low = state.moving, state.base, state.peak, state.low
    lowest = max(i for i, s in enumerate(samples) if s.value == low)
    _forget(state)
    state.rest.extend(replace(s, at_start=True) for s in samples[lowest:] if math.isfinite(s.value))
    state.seen_s = samples[-1].t_s
    way = levels.full - base
    small = peak < levels.count_from or peak - base < MIN_SHARE * way
    if small and not (_longest_gap_s(samples) > HIDDEN_S and peak - base > HIDDEN_SHARE * way):
        return None
    if math.isnan(state.tight):
        state.tight = base
    return time_phases(samples[: lowest + 1], base, low)


def _longest_gap_s(samples: Sequence[Sample]) -> float:
    seen_s = [s.t_s for s in samples if math.isfinite(s.value)]
    return max((b - a for a, b in itertools.pairwise(seen_s)), default=0.0)


def _forget(state: CounterState) -> None:
    state.rest.clear()
    state.moving = None
    state.base = state.peak = state.low = state.released_s = math.nan


LOW, HIGH = 0.2, 0.8
_LOW_AT = math.acos(1 - 2 * LOW) / math.pi
_STRETCH = math.acos(1 - 2 * HIGH) / math.pi - _LOW_AT


def time_phases(samples: Sequence[Sample], base: float, low: float) -> Span | None:
    """Time the phases of one movement from its samples.

    A person eases in and out, so the ends of a phase drown in noise. They are read off the steep middle instead: the
    crossings of 20 % and 80 % of the way, and the half cosine through them, as a movement from rest to rest runs.

    Returns
    -------
    The span, or None when the samples never cross.
    """
    seen = [s for s in samples if math.isfinite(s.value)]
    peak = max(s.value for s in seen)
    plateau = [s.value for s in seen if s.value >= peak - 0.1 * (peak - base)]
    top = sum(plateau) / len(plateau)
    # A dip at the top is no phase: the first rise to the top and the last fall from it count.
    high_up, high_down = base + HIGH * (top - base), low + HIGH * (top - low)
    first = next(i for i, s in enumerate(seen) if s.value >= high_up)
    last = max(i for i, s in enumerate(seen) if s.value >= high_down)
    rise, fall = seen[: first + 1], seen[last:]
    up = [_crossing(rise, level, rising=True) for level in (base + LOW * (top - base), high_up)]
    down = [_crossing(fall, level, rising=False) for level in (high_down, low + LOW * (top - low))]
    if any(math.isnan(t) for t in (*up, *down)):
        return None
    concentric_s, eccentric_s = (up[1] - up[0]) / _STRETCH, (down[1] - down[0]) / _STRETCH
    peak_s, hold_end_s = up[1] + _LOW_AT * concentric_s, down[0] - _LOW_AT * eccentric_s
    if peak_s > hold_end_s:
        peak_s = hold_end_s = (peak_s + hold_end_s) / 2
    start_s = max(up[0] - _LOW_AT * concentric_s, samples[0].t_s)
    end_s = down[1] + _LOW_AT * eccentric_s
    if not start_s < peak_s <= hold_end_s < end_s:  # no smooth movement: the crossings themselves are all there is
        (start_s, peak_s), (hold_end_s, end_s) = up, down
    lost_s, lost_top = _lost(samples, base, top, (start_s, end_s))
    return Span(start_s, peak_s, hold_end_s, end_s, base, top, low, min(lost_s / (end_s - start_s), 1.0), lost_top)


def _crossing(samples: Sequence[Sample], level: float, *, rising: bool) -> float:
    """Last time the signal rises through the level, or first time it falls through; NaN if it never does."""
    pairs = list(itertools.pairwise(samples))
    for a, b in reversed(pairs) if rising else pairs:
        if (a.value < level <= b.value) if rising else (a.value > level >= b.value):
            return a.t_s + (b.t_s - a.t_s) * (level - a.value) / (b.value - a.value)
    return math.nan


def _lost(samples: Sequence[Sample], base: float, top: float, span_s: tuple[float, float]) -> tuple[float, bool]:
    """Seconds within the span in which the signal was not seen, and whether its top was among them."""
    lost_s, lost_top = 0.0, False
    before: Sample | None = None
    hidden_s = 0.0
    for previous, current in itertools.pairwise(samples):
        gap_s = current.t_s - previous.t_s
        if not math.isfinite(current.value):
            hidden_s += gap_s
            before = before or previous
            continue
        if before is None and gap_s > BLINK_S:  # frames that never came
            before, hidden_s = previous, gap_s
        if before is not None:
            inside = min(current.t_s, span_s[1]) - max(before.t_s, span_s[0])
            lost_s += min(max(inside, 0.0), hidden_s)
            high = [s.value > base + 0.5 * (top - base) for s in (before, current)]
            lost_top = lost_top or (hidden_s > BLINK_S and all(high))
        before, hidden_s = None, 0.0
    return lost_s, lost_top
