"""Renders the clips that a manifest lists, so that each can be made again by one command."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from unslouch_athlete.film import film
from unslouch_athlete.script import ScriptError, Wishes, make_take, read_exercise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def render_clips(manifest: Path, names: Sequence[str] = ()) -> list[Path]:
    """Render the clips of a manifest (or only the named files) beside it; return the videos.

    Each `[[clip]]` has a `file` to write, the `motion` file to perform (relative to the manifest), and a table
    `render` with any of the `Wishes`, the quality `crf`, and `truth = false` to leave the truth file out.
    """
    entries: list[dict[str, Any]] = tomllib.loads(manifest.read_text(encoding="utf-8")).get("clip", [])
    unknown = sorted(set(names) - {entry["file"] for entry in entries})
    if unknown:
        raise ScriptError(f"{manifest} lists no clip {unknown[0]!r}")
    return [_render(manifest, entry) for entry in entries if not names or entry["file"] in names]


def _render(manifest: Path, entry: dict[str, Any]) -> Path:
    exercise = read_exercise(manifest.parent / entry["motion"])
    wanted = dict(entry.get("render", {}))
    crf, keep_truth = wanted.pop("crf", 24), wanted.pop("truth", True)
    try:
        wishes = TypeAdapter(Wishes).validate_python(wanted)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ScriptError(f"{manifest}: {entry['file']}: {where}: {error.errors()[0]['msg']}") from error
    video = manifest.parent / str(entry["file"])
    truth = film(make_take(exercise, wishes), video, crf=crf, about={"exercise": exercise.id})
    if not keep_truth:
        truth.unlink()
    return video
