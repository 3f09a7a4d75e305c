"""Recordings through FFmpeg: upright frames with square pixels and their own times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import av
from av.codec.context import ThreadType
from av.error import FFmpegError
from av.stream import Disposition

from unslouch.frames.prefetch import Prefetch
from unslouch.frames.upright import make_upright
from unslouch.ports import Frame, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

SMALL_PX = 1280 * 720
"""Up to here one thread decodes faster than the networks look."""
LARGE_PX = 4096 * 2304
"""From here on each decoding thread would hold too much memory."""
USUAL_PERIOD_S = 1 / 30
# A file may be a playlist that names addresses: nothing but files is ever opened.
_ONLY_FILES = {"protocol_whitelist": "file"}


class VideoSource:
    """A recording, read once from its start; decoding runs ahead in a thread of its own.

    Parameters
    ----------
    path : a file in any format that FFmpeg reads.

    Raises
    ------
    SourceError : the file cannot be read as a video. Also raised while iterating, when nothing can be decoded.

    Notes
    -----
    A file that ends too early gives the frames it has, and `damaged` is true.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._container = _open_container(self._path)
        try:
            self._stream = _pick_stream(self._container, self._path)
        except SourceError:
            self._container.close()
            raise
        self._stream.thread_type = ThreadType.AUTO
        self._stream.thread_count = _choose_threads(self._stream.width * self._stream.height)
        self._period_s = float(1 / self._stream.average_rate) if self._stream.average_rate else USUAL_PERIOD_S
        self._ahead: Prefetch[Frame] | None = None
        self.damaged = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        if self._ahead is None:
            self._ahead = Prefetch(self._read())
        return self._ahead

    @property
    def duration_s(self) -> float | None:
        """Length, s, as the file declares it; None when it does not."""
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        return self._container.duration / av.time_base if self._container.duration else None

    def close(self) -> None:
        """Stop decoding and let go of the file."""
        if self._ahead is not None:
            self._ahead.close()
        self._container.close()

    def _read(self) -> Iterator[Frame]:
        """Decode all that can be decoded."""
        zero_s = (self._container.start_time or 0) / av.time_base
        last_s: float | None = None
        for picture in self._decode():
            t_s = None if picture.pts is None or not picture.time_base else float(picture.pts * picture.time_base)
            t_s = t_s - zero_s if t_s is not None else None
            if last_s is not None and (t_s is None or t_s <= last_s):
                t_s = last_s + self._period_s
            last_s = 0.0 if t_s is None else t_s
            yield Frame(t_s=last_s, image_bgr=make_upright(picture, self._stream.sample_aspect_ratio))
        if last_s is None:
            raise SourceError(f"Not one picture in {self._path} can be read: the file is damaged or was cut off.")

    def _decode(self) -> Iterator[VideoFrame]:
        """Decode packet by packet, over damaged ones."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except FFmpegError:
                self.damaged = True
                return
            try:
                yield from packet.decode()
            except FFmpegError:
                self.damaged = True


def open_video(path: Path | str) -> VideoSource:
    """Open a recording.

    Raises
    ------
    SourceError : with a sentence for the user.
    """
    return VideoSource(path)


def _open_container(path: Path) -> InputContainer:
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder, not a video.")
        if not path.exists():
            raise SourceError(f"There is no file {path}.")
        if path.is_file() and path.stat().st_size == 0:
            raise SourceError(f"{path} is empty.")
        return av.open(f"file:{path}", options=_ONLY_FILES)
    except FFmpegError as error:
        if isinstance(error, PermissionError):
            raise SourceError(f"{path} may not be read: permission denied.") from error
        raise SourceError(f"{path} is not a video that can be read.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be opened: {error.strerror or error}.") from error


def _choose_threads(size_px: int) -> int:
    return 2 if SMALL_PX < size_px < LARGE_PX else 1


def _pick_stream(container: InputContainer, path: Path) -> VideoStream:
    """Pick the moving picture; the cover of an album is none."""
    streams = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not streams:
        what = "only sound" if container.streams.audio else "no picture"
        raise SourceError(f"There is {what} in {path}.")
    best = max(streams, key=lambda one: one.width * one.height)
    if best.width == 0 or best.codec_context is None:
        raise SourceError(f"The video in {path} is of a kind that cannot be decoded.")
    return best
