"""Recordings through FFmpeg: upright frames with square pixels and their own times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av

from unslouch.ports import Frame, SourceError


class VideoSource:
    """A recording, read once from its start."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        try:
            self._container = av.open(str(path))
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(f"{self._path} cannot be read as a video.") from error
        if not self._container.streams.video:
            raise SourceError(f"{self._path} has no picture.")
        self._stream = self._container.streams.video[0]

    @property
    def duration_s(self) -> float | None:
        """Length, s."""
        return self._container.duration / 1e6 if self._container.duration else None

    def __iter__(self) -> Iterator[Frame]:
        for picture in self._container.decode(self._stream):
            yield Frame(t_s=float(picture.time), image_bgr=picture.to_ndarray(format="bgr24"))

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()


def open_video(path: Path | str) -> VideoSource:
    """Open a recording."""
    return VideoSource(path)
