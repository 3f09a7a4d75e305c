"""What is said after a set: one sentence, the marks, left against right, what could not be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from unslouch.core.events import Rep, Side, Verdict
from unslouch.core.exercise import Exercise
from unslouch.session import Outcome

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def summarise(exercise: Exercise, outcome: Outcome) -> dict[str, Any]:
    """Sum a set up for the page.

    Parameters
    ----------
    exercise : its checks hold the words.
    outcome : what the session made of the set.
    """
    words = {check.fault: check.show or check.say for check in exercise.check}
    reps = outcome.reps
    counts = {
        side.value: {verdict.value: sum(r.side is side and r.verdict is verdict for r in reps) for verdict in Verdict}
        for side in _sides_to_show(exercise, reps)
    }
    not_judged = [{"check": c, "show": words.get(c, c), "why": why} for c, why in outcome.not_judged.items()]
    return {
        "sentence": _sentence(reps),
        "turn": outcome.turn,
        "counts": counts,
        "faults": _most_frequent_faults(reps, words),
        "not_judged": not_judged,
    }


def _sides_to_show(exercise: Exercise, reps: Sequence[Rep]) -> list[Side]:
    """List left and right whenever one of them worked, so that they can be compared."""
    worked = {rep.side for rep in reps}
    apart = set(exercise.working_sides()) if worked - {Side.BOTH} else set()
    return [side for side in Side if side in worked | apart]


def _sentence(reps: Sequence[Rep]) -> str:
    verdicts = Counter(rep.verdict for rep in reps)
    good, attempts, unseen = (verdicts[v] for v in (Verdict.GOOD, Verdict.ATTEMPT, Verdict.NOT_SEEN))
    if not reps:
        return "No repetition this time."
    parts = [f"{_number(good)} good repetition{'' if good == 1 else 's'}"]
    if attempts:
        parts.append(f"{_number(attempts).lower()} attempt{'' if attempts == 1 else 's'}")
    if unseen:
        parts.append(f"{_number(unseen).lower()} I could not see")
    return (", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]) + "."


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _most_frequent_faults(reps: Sequence[Rep], words: dict[str, str]) -> list[dict[str, Any]]:
    seen = Counter(fault.id for rep in reps for fault in rep.faults)
    return [{"id": fault, "times": times, "show": words.get(fault, fault)} for fault, times in seen.most_common()]
