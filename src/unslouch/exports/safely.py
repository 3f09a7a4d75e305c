"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ExportError(Exception):
    """A file cannot be written; the message is a sentence for the user."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write; it takes its place when all went well, and is removed when not.

    Raises
    ------
    ExportError : the folder is missing or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(suffix=path.suffix, prefix=f".{path.stem}-", dir=path.parent)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from error
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole.

    Raises
    ------
    ExportError : it cannot be written.
    """
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="")
