"""From a TOML file to an `Exercise`.

The shape is checked by pydantic against the core's own dataclasses, the sense by rules.
"""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from unslouch.catalogue.rules import sense_errors
from unslouch.core.exercise import Exercise


class CatalogueError(Exception):
    """An exercise file cannot be used; `errors` holds one sentence per mistake, each with its key path."""

    def __init__(self, path: str, errors: list[str]) -> None:
        self.path = path
        self.errors = errors
        super().__init__("\n".join(f"{path}: {error}" for error in errors))


def _spec_types(root: Any, found: set[type] | None = None) -> set[type]:
    """Collect the dataclasses that a dataclass is made of."""
    found = set() if found is None else found
    if dataclasses.is_dataclass(root) and isinstance(root, type):
        if root not in found:
            found.add(root)
            for hint in typing.get_type_hints(root).values():
                _spec_types(hint, found)
    else:
        for argument in typing.get_args(root):
            _spec_types(argument, found)
    return found


def _adapter() -> TypeAdapter[Exercise]:
    for spec in _spec_types(Exercise):
        with_config(ConfigDict(extra="forbid"))(spec)
    return TypeAdapter(Exercise)


_EXERCISE = _adapter()


def json_schema() -> dict[str, Any]:
    """JSON Schema of an exercise file."""
    return _EXERCISE.json_schema()


def parse_exercise(text: str, path: str) -> Exercise:
    """Read the text of an exercise file.

    Raises
    ------
    CatalogueError : with every mistake found.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(path, [f"this is not TOML: {error}"]) from None
    try:
        exercise = _EXERCISE.validate_python(raw)
    except ValidationError as error:
        raise CatalogueError(path, list(_shape_errors(error))) from None
    errors = sense_errors(exercise)
    if errors:
        raise CatalogueError(path, errors)
    return exercise


def _shape_errors(error: ValidationError) -> Iterator[str]:
    """Say each mistake once, with its key path."""
    said = set()
    for item in error.errors(include_url=False):
        parts = [str(part) if not isinstance(part, int) else f"[{part}]" for part in item["loc"]]
        where = ".".join(part for part in parts if not _is_branch(part)).replace(".[", "[")
        message = {
            "missing": "is missing",
            "unexpected_keyword_argument": "is not a known key",
        }.get(item["type"], item["msg"][0].lower() + item["msg"][1:])
        line = f"{where or 'the file'}: {message}"
        if line not in said:
            said.add(line)
            yield line


def _is_branch(part: str) -> bool:
    """Whether a part of a location names an alternative of a union rather than a key."""
    return ("[" in part and not part.startswith("[")) or part in {"float", "int", "str"}


def load_exercise(path: Path) -> Exercise:
    """Read one exercise file.

    Raises
    ------
    CatalogueError : with every mistake found.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CatalogueError(str(path), [f"the file cannot be read: {why}"]) from None
    return parse_exercise(text, str(path))


def load_directory(directories: Iterable[Path]) -> dict[str, Exercise]:
    """Read all exercise files of some folders, by id.

    Raises
    ------
    CatalogueError : with every mistake of every file, and ids that occur twice.
    """
    found: dict[str, Exercise] = {}
    errors: list[str] = []
    for path in sorted(p for directory in directories for p in directory.glob("*.toml")):
        try:
            exercise = load_exercise(path)
        except CatalogueError as error:
            errors += [f"{path.name}: {line}" for line in error.errors]
            continue
        if exercise.id in found:
            errors.append(f"{path.name}: id: {exercise.id!r} is taken by another file")
        found[exercise.id] = exercise
    if errors:
        raise CatalogueError("exercises", errors)
    return found
