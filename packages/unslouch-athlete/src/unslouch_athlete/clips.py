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
    """Render the clips of a manifest (or only the named ones) beside it; return the videos.

    Each `[clip.NAME]` names an `exercise` file, relative to the manifest, and any of the `Wishes`; `crf` is the
    quality, and `truth = false` leaves the truth file out.
    """
    entries: dict[str, dict[str, Any]] = tomllib.loads(manifest.read_text(encoding="utf-8")).get("clip", {})
    unknown = sorted(set(names) - set(entries))
    if unknown:
        raise ScriptError(f"{manifest} lists no clip {unknown[0]!r}")
    written = []
    for name, entry in entries.items():
        if not names or name in names:
            written.append(_render(manifest, name, dict(entry)))
    return written


def _render(manifest: Path, name: str, entry: dict[str, Any]) -> Path:
    exercise = read_exercise(manifest.parent / entry.pop("exercise"))
    crf, keep_truth = entry.pop("crf", 24), entry.pop("truth", True)
    try:
        wishes = TypeAdapter(Wishes).validate_python(entry)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ScriptError(f"{manifest}: clip.{name}.{where}: {error.errors()[0]['msg']}") from error
    video = manifest.parent / f"{name}.mp4"
    truth = film(make_take(exercise, wishes), video, crf=crf, about={"exercise": exercise.id})
    if not keep_truth:
        truth.unlink()
    print(f"{video}: {video.stat().st_size} bytes")
    return video
