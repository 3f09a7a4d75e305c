"""The command line and the recordings that a test gives it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from unslouch.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from unslouch.ports import Image


def run_command(*arguments: object) -> int:
    """Run `unslouch` with these arguments; returns its exit code, that of wrong usage too."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def write_video(path: Path, pictures: Iterable[Image], fps: float | Fraction = 15) -> Path:
    """Write pictures of one size as MPEG-4, the index at the end of the file."""
    rate = Fraction(fps).limit_denominator(1000)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.bit_rate = 4_000_000
        for i, picture in enumerate(pictures):
            if i == 0:
                stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p"
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = i, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def pictures_of(path: Path, start_s: float = 0.0, end_s: float = float("inf"), every: int = 1) -> Iterator[Image]:
    """Give some of the pictures of a recording, BGR."""
    with av.open(str(path)) as container:
        for i, frame in enumerate(container.decode(video=0)):
            if i % every == 0 and start_s <= (frame.time or 0.0) < end_s:
                yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def black_pictures(width_px: int, height_px: int, n_frames: int = 3) -> list[Image]:
    """Make pictures of nothing."""
    return [np.zeros((height_px, width_px, 3), np.uint8)] * n_frames
