"""What is said, and when: a number, one cue, or silence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from unslouch.core.body import ANKLE, EAR, ELBOW, HIP, KNEE, SHOULDER, WRIST, Body
from unslouch.core.events import CheckResult, Rep, Side, SpeechKind, Spoken, Verdict
from unslouch.core.exercise import Exercise, View, view_of_side, within

COOL_DOWN_S = 5.0
"""The same cue is not repeated sooner."""
GUIDE_AFTER_S = 1.5
"""What is in the way must persist this long before it is mentioned."""
GUIDE_EVERY_S = 8.0

PARTS: dict[str, int] = {
    "ears": EAR,
    "shoulders": SHOULDER,
    "elbows": ELBOW,
    "wrists": WRIST,
    "hips": HIP,
    "knees": KNEE,
    "ankles": ANKLE,
}
"""Parts of the body that an exercise may need to see; one of the pair is enough."""


@dataclass(slots=True)
class CueState:
    """What was said so far in this set."""

    said_s: dict[str, float] = field(default_factory=dict)
    to_praise: str | None = None
    obstacle: str = ""
    obstacle_since_s: float = math.nan
    guided_s: float = -math.inf


def after_rep(state: CueState, exercise: Exercise, rep: Rep, number: int, t_s: float) -> tuple[Spoken, ...]:
    """Choose what to say when a repetition ends; `number` counts the good ones of its side."""
    if rep.verdict is Verdict.NOT_SEEN:
        return (Spoken(t_s, SpeechKind.TICK, ""),)
    cue = _cue(state, exercise, rep, t_s)
    if rep.verdict is Verdict.ATTEMPT:
        return (cue,) if cue else ()
    said = [Spoken(t_s, SpeechKind.NUMBER, str(number))]
    praise = _praise(state, exercise, rep, t_s)
    extra = praise or cue
    return (*said, extra) if extra else tuple(said)


def _cue(state: CueState, exercise: Exercise, rep: Rep, t_s: float) -> Spoken | None:
    checks = {check.fault: check for check in exercise.check}
    faults = rep.faults
    if rep.verdict is Verdict.ATTEMPT:
        faults = tuple(fault for fault in faults if checks[fault.id].severity == "must")
    if not faults:
        return None
    fault = faults[0]
    if t_s - state.said_s.get(fault.id, -math.inf) < COOL_DOWN_S:
        return None
    state.said_s[fault.id] = t_s
    state.to_praise = fault.id
    return Spoken(t_s, SpeechKind.CUE, checks[fault.id].say, fault.id)


def _praise(state: CueState, exercise: Exercise, rep: Rep, t_s: float) -> Spoken | None:
    """Say once that what was cued is right now."""
    fault = state.to_praise
    if fault is None or rep.checks.get(fault) is not CheckResult.OK:
        return None
    state.to_praise = None
    words = next((check.praise for check in exercise.check if check.fault == fault), "")
    return Spoken(t_s, SpeechKind.PRAISE, words or "That's it.", fault)


def guide(state: CueState, t_s: float, obstacle: str) -> tuple[Spoken, ...]:
    """Say what keeps the exercise from being counted, once it has lasted, and not too often; "" = nothing does."""
    if obstacle != state.obstacle:
        state.obstacle, state.obstacle_since_s = obstacle, t_s
    if not obstacle or t_s - state.obstacle_since_s < GUIDE_AFTER_S or t_s - state.guided_s < GUIDE_EVERY_S:
        return ()
    state.guided_s = t_s
    return (Spoken(t_s, SpeechKind.GUIDE, obstacle),)


CANNOT_SEE = "I can't see you. Step into the picture."


def step_back(view: View, body: Body) -> str:
    """Say which parts of the body that the exercise needs are not in the picture; "" when all are."""
    missing = [part for part in view.needs if not _is_seen(body, part)]
    return f"Step back, so that I can see your {_listing(missing)}." if missing else ""


def turn_to(view: View, view_deg: float, sides: Iterable[Side], tolerance_deg: float = 7.0) -> str:
    """Say which way to turn so that the view can be counted; "" when it can.

    Parameters
    ----------
    view_deg : camera angle, + = the camera stands towards the person's left.
    sides : the sides that may be working; the nearest suitable view of any of them is asked for.
    """
    targets = []
    for side in sides:
        seen_deg = view_of_side(view_deg, side)
        if within(seen_deg, view.count, tolerance_deg):
            return ""
        wanted = [view.guide_to] if within(view.guide_to, view.count) else []
        if within(-view.guide_to, view.count):
            wanted.append(-view.guide_to)
        targets += [view_of_side(target, side) for target in wanted]
    if math.isnan(view_deg) or not targets:
        return ""
    # Turning left moves the camera towards the person's right.
    turns = [_wrap(target - view_deg) for target in targets]
    turn = min(turns, key=abs)
    how = "a little " if abs(turn) < 40 else "" if abs(turn) < 110 else "round "
    return f"Turn {how}to your {'right' if turn > 0 else 'left'}."


def _wrap(angle_deg: float) -> float:
    return (angle_deg + 180) % 360 - 180


def _is_seen(body: Body, part: str) -> bool:
    left = PARTS[part]
    return math.isfinite(body.points[left][0]) or math.isfinite(body.points[left + 1][0])


def _listing(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def sentence(good: Mapping[Side, int], attempts: int, not_seen: int) -> str:
    """Sum up a set in one sentence."""
    total = sum(good.values())
    sides = [f"{n} {side.value}" for side, n in good.items() if side is not Side.BOTH and n]
    text = f"{total} good {'repetition' if total == 1 else 'repetitions'}"
    text += f" ({', '.join(sides)})" if sides else ""
    if attempts:
        text += f", {attempts} {'attempt' if attempts == 1 else 'attempts'}"
    if not_seen:
        text += f", {not_seen} not seen"
    return text + "."
