"""An account of a recording as JSON, as CSV and in a few lines of words."""

from __future__ import annotations

import csv
import io
from typing import Any

from unslouch.analysis import Account
from unslouch.core.events import Fault, Rep, Side, SpeechKind, Verdict
from unslouch.core.exercise import Check, Exercise

SCHEMA = 1
"""Version of the JSON below; it grows when a key changes its meaning or goes."""


def to_plain(video: str, account: Account) -> dict[str, Any]:
    """Spell an account out for JSON; the schema is docs/reference/analysis.schema.json."""
    exercise, outcome = account.exercise, account.outcome
    return {
        "schema": SCHEMA,
        "video": video,
        "exercise": exercise.id if exercise else "unknown",
        "view": "suitable" if account.suitable else "unsuitable",
        "turn": outcome.turn or None,
        "reps": [rep_to_plain(rep) for rep in outcome.reps],
        "counts": count(exercise, outcome.reps),
        "not_judged": [{"check": check, "why": why} for check, why in outcome.not_judged.items()],
        "spoken": [
            {"at_s": round(said.t_s, 3), "kind": said.kind.value, "text": said.text}
            for said in account.spoken
            if said.kind is not SpeechKind.TICK
        ],
    }


def rep_to_plain(rep: Rep) -> dict[str, Any]:
    """Spell one repetition out."""
    return {
        "index": rep.index,
        "side": rep.side.value,
        "view_deg": rep.view_deg,
        "start_s": rep.start_s,
        "peak_s": rep.peak_s,
        "end_s": rep.end_s,
        "concentric_s": rep.concentric_s,
        "hold_s": rep.hold_s,
        "eccentric_s": rep.eccentric_s,
        "range": {
            "feature": rep.range.feature,
            "value": rep.range.value,
            "unit": rep.range.unit,
            "of_reference": rep.range.of_reference,
        },
        "verdict": rep.verdict.value,
        "checks": {fault: result.value for fault, result in rep.checks.items()},
        "faults": [_fault_to_plain(fault) for fault in rep.faults],
    }


def _fault_to_plain(fault: Fault) -> dict[str, Any]:
    return {"id": fault.id, "value": fault.value, "limit": fault.limit, "unit": fault.unit, "at_s": fault.at_s}


def count(exercise: Exercise | None, reps: list[Rep]) -> dict[str, dict[str, int]]:
    """Count verdicts per side; the sides of the exercise are always there."""
    sides = dict.fromkeys([*(exercise.working_sides() if exercise else ()), *(rep.side for rep in reps)])
    return {
        side.value: {v.value: sum(r.side is side and r.verdict is v for r in reps) for v in Verdict} for side in sides
    }


CSV_COLUMNS = (
    *("video", "exercise", "index", "side", "verdict", "view_deg"),
    *("start_s", "peak_s", "end_s", "concentric_s", "hold_s", "eccentric_s"),
    *("range_feature", "range_value", "range_unit", "range_of_reference", "faults", "not_seen"),
)


def to_csv(accounts: list[tuple[str, Account]]) -> str:
    """One line per repetition of all recordings, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for video, account in accounts:
        for rep in account.outcome.reps:
            writer.writerow(_csv_row(video, account, rep))
    return out.getvalue()


def _csv_row(video: str, account: Account, rep: Rep) -> list[Any]:
    name = account.exercise.id if account.exercise else "unknown"
    unseen = [fault for fault, result in rep.checks.items() if result == "not_seen"]
    times = [rep.start_s, rep.peak_s, rep.end_s, rep.concentric_s, rep.hold_s, rep.eccentric_s]
    went = [rep.range.feature, rep.range.value, rep.range.unit, rep.range.of_reference]
    faults = " ".join(fault.id for fault in rep.faults)
    view = rep.view_deg
    return [video, name, rep.index, rep.side.value, rep.verdict.value, view, *times, *went, faults, " ".join(unseen)]


def to_words(video: str, account: Account) -> str:
    """Sum up for a person at a terminal."""
    exercise, outcome = account.exercise, account.outcome
    if not account.somebody:
        return f"{video}: nobody is seen."
    if exercise is None:
        lines = [f"{video}: not one of the exercises that are known, or too unclear to tell."]
        return "\n".join([*lines, *([f"  {outcome.turn}"] if outcome.turn else [])])
    lines = [f"{video}: {exercise.name}"]
    if outcome.turn:
        lines.append(f"  The camera cannot count it from there. {outcome.turn}")
    if not outcome.reps and not outcome.turn:
        lines.append("  No repetition.")
    for side, verdicts in count(exercise, outcome.reps).items():
        if sum(verdicts.values()):
            label = "" if side == Side.BOTH.value and not exercise.one_sided else f"{side}: "
            parts = [f"{n} {v.replace('_', ' ')}" for v, n in verdicts.items() if n]
            lines.append(f"  {label}{', '.join(parts)}")
    checks = {check.fault: check for check in exercise.check}
    lines += [
        f"  {rep.index:3d}. {rep.start_s:6.1f} s  {rep.side.value:5s} {_words_of(rep, checks)}" for rep in outcome.reps
    ]
    lines += [f"  Not judged: {check.replace('-', ' ')}, {why}." for check, why in outcome.not_judged.items()]
    return "\n".join(lines)


def _words_of(rep: Rep, checks: dict[str, Check]) -> str:
    verdict = rep.verdict.value.replace("_", " ")
    if not rep.faults:
        return verdict
    return f"{verdict}: {'; '.join(checks[fault.id].say.rstrip('.') for fault in rep.faults)}"
