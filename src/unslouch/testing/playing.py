"""A recording as the camera of Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

HEAD_S = 3.0
"""Still picture at the start: Chromium's camera plays while the page is still getting ready."""
TAIL_S = 3.0
"""Still picture at the end, after which Chromium starts over."""


def write_y4m(clip: Path, out: Path) -> float:
    """Write a clip between two still pictures as raw video; returns its length, s."""
    with av.open(str(clip)) as container, out.open("wb") as raw:
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 30)
        size = f"W{stream.width} H{stream.height} F{rate.numerator}:{rate.denominator}"
        raw.write(f"YUV4MPEG2 {size} Ip A1:1 C420jpeg\n".encode())
        count = 0
        for picture in _with_stills(container.decode(stream), rate):
            raw.write(b"FRAME\n" + picture)
            count += 1
    return float(count / rate)


def _with_stills(pictures: Iterator[av.VideoFrame], rate: Fraction) -> Iterator[bytes]:
    planes = b""
    for index, picture in enumerate(pictures):
        planes = np.ascontiguousarray(picture.to_ndarray(format="yuv420p")).tobytes()
        yield from [planes] * (round(HEAD_S * rate) if index == 0 else 1)
    yield from [planes] * round(TAIL_S * rate)
