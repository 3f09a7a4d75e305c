"""What an exercise file must mean beyond having the right shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from unslouch.core.cues import PARTS
from unslouch.core.exercise import Check, Condition, Exercise, Limit, RangeLimit, ViewRange
from unslouch.core.features import FEATURES
from unslouch.core.motion import FAULTS, motion_problems

Rule = Callable[[Exercise], Iterator[str]]


def sense_errors(exercise: Exercise) -> list[str]:
    """List every mistake, each with its key path."""
    return [error for rule in RULES for error in rule(exercise)]


def _identity(exercise: Exercise) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", exercise.id):
        yield f"id: {exercise.id!r} must be lower-case words joined by hyphens"
    for key in ("name", "purpose"):
        if not getattr(exercise, key).strip():
            yield f"{key}: is empty"
    if not exercise.setup or not all(line.strip() for line in exercise.setup):
        yield "setup: say in at least one sentence how to get into position"
    if not exercise.sources:
        yield "sources: name at least one source"
    low, high = exercise.dose.reps
    if not 1 <= low <= high:
        yield f"dose.reps: {low} to {high} is not a range"


def _views(exercise: Exercise) -> Iterator[str]:
    yield from _view_ranges("view.count", exercise.view.count)
    yield from _view_ranges("signal.range_views", exercise.signal.range_views)
    if not any(low <= exercise.view.guide_to <= high for low, high in exercise.view.count):
        yield f"view.guide_to: {exercise.view.guide_to} lies outside view.count"
    for i, part in enumerate(exercise.view.needs):
        if part not in PARTS:
            yield f"view.needs[{i}]: {part!r} is not one of {', '.join(PARTS)}"
    for i, check in enumerate(exercise.check):
        yield from _view_ranges(f"check[{i}].views", check.views)
        if not any(_overlap(a, b) for a in check.views for b in exercise.view.count):
            yield f"check[{i}].views: no view that can be counted shows this check"


def _overlap(a: ViewRange, b: ViewRange) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _view_ranges(key: str, ranges: tuple[ViewRange, ...]) -> Iterator[str]:
    if not ranges:
        yield f"{key}: is empty"
    for i, (low, high) in enumerate(ranges):
        if not -180 <= low < high <= 180:
            yield f"{key}[{i}]: {low} to {high} is not a range of camera angles within -180 to 180"


def _signal(exercise: Exercise) -> Iterator[str]:
    signal = exercise.signal
    yield from _known_feature("signal.feature", signal.feature)
    for key, limit in (("full", signal.full), ("count_from", signal.count_from)):
        yield from _range_limit(f"signal.{key}", limit, signal.feature)
    if signal.full.at_view(exercise.view.guide_to) <= signal.count_from.at_view(exercise.view.guide_to):
        yield "signal.count_from: must lie below signal.full"
    if not 0 < signal.min_s < signal.max_s:
        yield f"signal.min_s: {signal.min_s} to {signal.max_s} (max_s) is not a range"
    for i, condition in enumerate(signal.at_top):
        yield from _condition(f"signal.at_top[{i}]", condition)
    for i, condition in enumerate(signal.throughout):
        yield from _condition(f"signal.throughout[{i}]", condition)
    for i, condition in enumerate(exercise.start.require):
        yield from _condition(f"start.require[{i}]", condition)


def _range_limit(key: str, limit: RangeLimit, feature: str) -> Iterator[str]:
    if not 0 < limit.of_personal_range <= 1:
        yield f"{key}.of_personal_range: {limit.of_personal_range} must lie between 0 and 1"
    if not isinstance(limit.fallback, (int, float)):
        angles = [angle for angle, _ in limit.fallback]
        if not angles or angles != sorted(set(angles)):
            yield f"{key}.fallback: the camera angles must grow from point to point"
    yield from _unit(key, limit.unit, feature)
    if not limit.source.strip():
        yield f"{key}.source: is empty"


def _condition(key: str, condition: Condition) -> Iterator[str]:
    yield from _known_feature(f"{key}.feature", condition.feature)
    low, high = condition.bounds()
    if condition.above is None and condition.below is None and condition.between is None:
        yield f"{key}: give above, below or between"
    if low >= high:
        yield f"{key}: {low} to {high} is not a range"


def _checks(exercise: Exercise) -> Iterator[str]:
    seen = set()
    for i, check in enumerate(exercise.check):
        key = f"check[{i}]"
        if check.fault not in FAULTS:
            yield f"{key}.fault: {check.fault!r} is not one of {', '.join(FAULTS)}"
        if check.fault in seen:
            yield f"{key}.fault: {check.fault!r} is checked twice"
        seen.add(check.fault)
        if not check.say.strip():
            yield f"{key}.say: is empty"
        yield from _check_limit(key, check)


def _check_limit(key: str, check: Check) -> Iterator[str]:
    names = ("above", "below", "rises_above_reference_by", "falls_below_reference_by")
    given: list[tuple[str, Limit]] = [(n, getattr(check, n)) for n in names if getattr(check, n) is not None]
    if len(given) != 1:
        yield f"{key}: give exactly one of {', '.join(names)}"
        return
    name, limit = given[0]
    if (check.compare is None) == (check.feature is None):
        yield f"{key}: give either feature or compare"
    if check.feature is not None:
        yield from _known_feature(f"{key}.feature", check.feature)
        yield from _unit(f"{key}.{name}", limit.unit, check.feature)
    elif limit.unit != "1":
        yield f"{key}.{name}.unit: {limit.unit!r} must be '1': a share has no unit"
    if not limit.source.strip():
        yield f"{key}.{name}.source: is empty"


def _known_feature(key: str, name: str) -> Iterator[str]:
    if name not in FEATURES:
        yield f"{key}: {name!r} is not a known feature; known are {', '.join(sorted(FEATURES))}"


def _unit(key: str, unit: str, feature: str) -> Iterator[str]:
    if feature in FEATURES and unit != FEATURES[feature].unit:
        yield f"{key}.unit: {unit!r} must be {FEATURES[feature].unit!r}, the unit of {feature}"


def _motion(exercise: Exercise) -> Iterator[str]:
    for problem in motion_problems(exercise.motion):
        yield "motion." + re.sub(r"^keyframes\.(\d+)", r"keyframes[\1]", problem)


RULES: tuple[Rule, ...] = (_identity, _views, _signal, _checks, _motion)
