"""The JSON Schema of what `unslouch analyze --json` writes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from unslouch.core.events import CheckResult, Side, SpeechKind, Verdict
from unslouch.core.motion import FAULTS
from unslouch.exports.report import SCHEMA

Schema = dict[str, Any]


def analysis_schema() -> Schema:
    """Describe the JSON of one recording, or of several as a list."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Analysis of recordings by unslouch analyze",
        "description": "One recording is an object, several are a list. Times are in seconds of the recording.",
        "oneOf": [{"$ref": "#/$defs/recording"}, {"type": "array", "items": {"$ref": "#/$defs/recording"}}],
        "$defs": {"recording": _recording(), "rep": _rep(), "fault": _fault()},
    }


def _recording() -> Schema:
    verdicts = _object({verdict.value: {"type": "integer", "minimum": 0} for verdict in Verdict})
    return _object(
        {
            "schema": _told({"const": SCHEMA}, "version of this format"),
            "video": _told({"type": "string"}, "the recording, as it was named"),
            "exercise": _told({"type": "string"}, "id of the exercise, or unknown"),
            "view": _told({"enum": ["suitable", "unsuitable"]}, "whether the camera stood where it can be counted"),
            "turn": _told({"type": ["string", "null"]}, "what to change about an unsuitable view"),
            "reps": _told({"type": "array", "items": {"$ref": "#/$defs/rep"}}, "every repetition, in order"),
            "counts": _told(
                {"type": "object", "propertyNames": _one_of(Side), "additionalProperties": verdicts},
                "repetitions by side and verdict",
            ),
            "not_judged": _told(
                {"type": "array", "items": _object({"check": _fault_id(), "why": {"type": "string"}})},
                "checks that were never judged, and why",
            ),
            "spoken": _told(
                {
                    "type": "array",
                    "items": _object(
                        {"at_s": _NUMBER, "kind": _one_of(SpeechKind), "text": {"type": "string", "minLength": 1}}
                    ),
                },
                "what the coach would have said",
            ),
        }
    )


def _rep() -> Schema:
    went = _object(
        {
            "feature": _told({"type": "string"}, "the signal of the exercise"),
            "value": _told(_NUMBER, "the signal at the top, in its unit"),
            "unit": {"type": "string"},
            "of_reference": _told(
                {"type": ["number", "null"]}, "share of the full movement; null where the view cannot tell"
            ),
        }
    )
    return _object(
        {
            "index": _told({"type": "integer", "minimum": 1}, "counts all repetitions of the recording"),
            "side": _told(_one_of(Side), "the person's own side"),
            "view_deg": _told(
                {"type": ["number", "null"]}, "camera angle: 0 = front, + = towards the person's left; null = not known"
            ),
            **dict.fromkeys(("start_s", "peak_s", "end_s"), _NUMBER),
            **dict.fromkeys(("concentric_s", "hold_s", "eccentric_s"), _LENGTH),
            "range": went,
            "verdict": _one_of(Verdict),
            "checks": _told(
                {"type": "object", "propertyNames": _fault_id(), "additionalProperties": _one_of(CheckResult)},
                "each check of the exercise",
            ),
            "faults": {"type": "array", "items": {"$ref": "#/$defs/fault"}},
        }
    )


def _fault() -> Schema:
    return _object(
        {
            "id": _fault_id(),
            "value": _told(_NUMBER, "what was measured"),
            "limit": _told(_NUMBER, "what it was compared with"),
            "unit": _told({"type": "string"}, "of both; 1 = a share"),
            "at_s": _told(_NUMBER, "when it began"),
        }
    )


_NUMBER: Schema = {"type": "number"}
_LENGTH: Schema = {"type": "number", "minimum": 0}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _told(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _one_of(words: type[StrEnum]) -> Schema:
    return {"enum": [word.value for word in words]}


def _fault_id() -> Schema:
    return {"enum": list(FAULTS)}
