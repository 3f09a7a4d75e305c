"""Judging one repetition: each check says ok, fault or not seen; together they give the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from unslouch.core.events import CheckResult, Fault, Side, Verdict
from unslouch.core.exercise import Check, Exercise, view_of_side, within
from unslouch.core.reps import Levels, Span

VIEW_TOLERANCE_DEG = 7.0
"""The camera angle is known about this well."""
LOST_LIMIT = 0.3
"""Share of a repetition that may go unseen before nothing is said about it."""
SEEN_SHARE = 0.5
"""Share of the frames of a phase that a check must see."""
START_WINDOW_S = 0.35

Series = Sequence[tuple[float, float]]
"""(time in s, value) per frame; NaN = not seen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    `value` is what was compared with the limit; `kept` is what later repetitions are compared with.
    """

    result: CheckResult
    fault: Fault | None = None
    value: float | None = None
    kept: float | None = None


NOT_SEEN = Finding(CheckResult.NOT_SEEN)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one repetition of one side.

    Attributes
    ----------
    span : its times and signal levels.
    levels : what counted as full.
    view_deg : camera angle, + = towards the person's left; NaN when not known.
    series : per check, the feature it looks at.
    set_base : the signal where the first repetition of the set left from: there the band was tight.
    """

    side: Side
    span: Span
    levels: Levels
    view_deg: float
    series: Mapping[str, Series]
    set_base: float


def reference_share(exercise: Exercise, span: Span, levels: Levels) -> float:
    """Top of the movement as a share of the reference range, measured from the person's own start."""
    return exercise.signal.full.of_personal_range * (span.top - span.base) / max(levels.full - span.base, 1e-9)


class OwnReference:
    """The person's own good repetitions so far: what slow quantities are compared with at the same phase."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, Side], list[float]] = {}

    def rise(self, check: Check, side: Side, value: float) -> float:
        """Rise of a value over the median of the good ones before; NaN when there is none."""
        earlier = sorted(self._values.get((check.fault, side), ()))
        return value - earlier[len(earlier) // 2] if earlier else math.nan

    def remember(self, side: Side, values: Mapping[str, float]) -> None:
        """Add a good repetition's values, by fault id."""
        for fault, value in values.items():
            self._values.setdefault((fault, side), []).append(value)


def judge(
    exercise: Exercise, evidence: Evidence, own: OwnReference
) -> tuple[Verdict, dict[str, CheckResult], tuple[Fault, ...]]:
    """Give one repetition its verdict.

    Returns
    -------
    The verdict, the result of every check by fault id, and the faults, most important first.
    """
    findings = {check.fault: check_rep(exercise, check, evidence, own) for check in exercise.check}
    span = evidence.span
    lost = span.lost_fraction > LOST_LIMIT or span.lost_top
    order = {check.fault: check.priority for check in exercise.check}
    must = {check.fault for check in exercise.check if check.severity == "must"}
    if lost:
        return Verdict.NOT_SEEN, dict.fromkeys(findings, CheckResult.NOT_SEEN), ()
    faults = sorted((f.fault for f in findings.values() if f.fault), key=lambda fault: order[fault.id])
    verdict = Verdict.ATTEMPT if any(fault.id in must for fault in faults) else Verdict.GOOD
    if verdict is Verdict.GOOD:
        kept = {name: f.kept for name, f in findings.items() if f.kept is not None and f.fault is None}
        own.remember(evidence.side, kept)
    return verdict, {name: finding.result for name, finding in findings.items()}, tuple(faults)


def check_rep(exercise: Exercise, check: Check, evidence: Evidence, own: OwnReference) -> Finding:
    """Apply one check to one repetition."""
    view_deg = view_of_side(evidence.view_deg, evidence.side)
    if check.compare == "range":
        return _range(exercise, check, evidence, view_deg)
    if not within(view_deg, check.views, VIEW_TOLERANCE_DEG):
        return NOT_SEEN
    if check.full_range_only and evidence.span.top < evidence.levels.full:
        return NOT_SEEN
    if check.compare is not None:
        return _compare_whole(check, evidence)
    return _look_at_feature(check, evidence, own)


def _range(exercise: Exercise, check: Check, evidence: Evidence, view_deg: float) -> Finding:
    """Judge how far the movement went. Outside the range views only what is clearly short can be told."""
    signal, span = exercise.signal, evidence.span
    share = reference_share(exercise, span, evidence.levels)
    if span.top < evidence.levels.full:
        fault = Fault(check.fault, round(share, 3), signal.full.of_personal_range, "1", round(span.peak_s, 3))
        return Finding(CheckResult.FAULT, fault, share)
    return (
        Finding(CheckResult.OK, value=share) if within(view_deg, signal.range_views, VIEW_TOLERANCE_DEG) else NOT_SEEN
    )


def _compare_whole(check: Check, evidence: Evidence) -> Finding:
    span = evidence.span
    if check.compare == "eccentric_over_concentric":
        value = (span.end_s - span.hold_end_s) / max(span.peak_s - span.start_s, 1e-6)
        return _against(check, value, check.limit.value, span.hold_end_s)
    value = (evidence.set_base - span.low) / max(evidence.levels.full - evidence.set_base, 1e-9)
    return _against(check, value, check.limit.value, span.end_s)


def _look_at_feature(check: Check, evidence: Evidence, own: OwnReference) -> Finding:
    series, span = evidence.series[check.fault], evidence.span
    looked_at = [(t, v) for t, v in series if span.phase_at(t) in check.during and t >= span.start_s]
    seen = [(t, v) for t, v in looked_at if math.isfinite(v)]
    if len(seen) < 2 or len(seen) < SEEN_SHARE * len(looked_at):
        return NOT_SEEN
    at_s, value = sustained(seen, check.lasting_s, upwards=check.upwards)
    if not check.relative:
        return _against(check, value, check.limit.value, at_s)
    same_phase = check.reference == "same phase"
    rise = own.rise(check, evidence.side, value) if same_phase else value - _start_value(series, span)
    kept = value if same_phase else None
    if math.isnan(rise):
        return Finding(CheckResult.NOT_SEEN, kept=kept)
    signed_limit = check.limit.value if check.upwards else -check.limit.value
    return replace(_against(check, rise, signed_limit, at_s), kept=kept)


def _start_value(series: Series, span: Span) -> float:
    """Median of a feature just before the movement, where its first tenth has not begun to matter."""
    until_s = span.start_s + 0.15 * (span.peak_s - span.start_s)
    values = sorted(v for t, v in series if span.start_s - START_WINDOW_S <= t <= until_s and math.isfinite(v))
    return values[len(values) // 2] if values else math.nan


def sustained(series: Series, lasting_s: float, *, upwards: bool) -> tuple[float, float]:
    """Most extreme value that lasted: (when it began in s, the value).

    For `upwards`, the largest over all windows of the smallest within the window; the reverse for downwards. Where the
    series is shorter than the window, the whole series is the window.
    """
    extreme = min if upwards else max
    windows: list[tuple[float, float]] = []
    for i, (t0, _) in enumerate(series):
        inside = [v for t, v in series[i:] if t - t0 <= lasting_s]
        if series[-1][0] - t0 < lasting_s and windows:
            break
        windows.append((extreme(inside), t0))
    value, at_s = max(windows, key=lambda window: (window[0], -window[1])) if upwards else min(windows)
    return at_s, value


def _against(check: Check, value: float, limit: float, at_s: float) -> Finding:
    wrong = value > limit if check.upwards else value < limit
    if not wrong:
        return Finding(CheckResult.OK, value=value)
    return Finding(
        CheckResult.FAULT, Fault(check.fault, round(value, 3), limit, check.limit.unit, round(at_s, 3)), value
    )
