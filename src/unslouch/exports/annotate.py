"""A recording with what was seen drawn into it: skeleton, count, verdicts, range, and the words as they were said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from unslouch.analysis import Account, Moment
from unslouch.core.events import RepCompleted, Side, SpeechKind, Spoken, Verdict
from unslouch.core.pose import SKELETON, PoseFrame
from unslouch.exports.safely import replacing
from unslouch.ports import Frame, Image

BONE, INK, CALM, WARM, GREY = (214, 230, 236), (46, 42, 31), (107, 125, 47), (43, 114, 200), (150, 150, 150)
"""Colours, BGR."""
TIME_BASE = Fraction(1, 90000)
CAPTION_S = 2.0
FONT = cv2.FONT_HERSHEY_SIMPLEX
MAX_WIDTH_PX = 1920


def annotate(out: Path, pictures: Iterable[tuple[Frame, PoseFrame, Moment]], account: Account) -> None:
    """Write the annotated recording as H.264 with the times of the original.

    Raises
    ------
    ExportError : the file cannot be written.
    """
    board = _Board(account)
    with replacing(out) as draft, av.open(str(draft), "w", format="mp4") as container:
        stream: av.VideoStream | None = None
        for frame, pose, moment in pictures:
            image = _fit(board.draw(frame, pose, moment))
            if stream is None:
                stream = container.add_stream("libx264", rate=30, options={"crf": "23", "preset": "veryfast"})
                stream.width, stream.height, stream.pix_fmt = image.shape[1], image.shape[0], "yuv420p"
                stream.codec_context.time_base = TIME_BASE
                origin_s = frame.t_s
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts, picture.time_base = round((frame.t_s - origin_s) / TIME_BASE), TIME_BASE
            container.mux(stream.encode(picture))
        if stream is not None:
            container.mux(stream.encode())


def _fit(image: Image) -> Image:
    """Shrink what is larger than needed and make both sides even, as H.264 wants."""
    height_px, width_px = image.shape[:2]
    scale = min(1.0, MAX_WIDTH_PX / max(height_px, width_px))
    size = (max(2, int(width_px * scale) // 2 * 2), max(2, int(height_px * scale) // 2 * 2))
    if size == (width_px, height_px):
        return image
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


class _Board:
    """What stands on the picture at the moment."""

    def __init__(self, account: Account) -> None:
        self._name = account.exercise.name if account.exercise else "unknown exercise"
        self._marks: list[tuple[Side, Verdict]] = []
        self._caption = ""
        self._until_s = -math.inf
        self._kind = SpeechKind.GUIDE

    def draw(self, frame: Frame, pose: PoseFrame, moment: Moment) -> Image:
        self._follow(frame.t_s, moment)
        image = frame.image_bgr.copy()
        unit = max(image.shape[0] / 480, 0.4)
        _skeleton(image, pose, unit)
        self._range_bars(image, moment, unit)
        self._count(image, moment, unit)
        if frame.t_s < self._until_s:
            colour = {SpeechKind.CUE: WARM, SpeechKind.GUIDE: BONE}.get(self._kind, CALM)
            _text(
                image, self._caption, (image.shape[1] // 2, image.shape[0] - int(24 * unit)), unit, colour, middle=True
            )
        return image

    def _follow(self, t_s: float, moment: Moment) -> None:
        for event in moment.events:
            if isinstance(event, RepCompleted):
                self._marks.append((event.rep.side, event.rep.verdict))
            elif isinstance(event, Spoken) and event.text:
                self._caption, self._kind, self._until_s = event.text, event.kind, t_s + CAPTION_S

    def _count(self, image: Image, moment: Moment, unit: float) -> None:
        view = "" if moment.status.view_deg is None else f"   camera {moment.status.view_deg:+.0f} deg"
        _text(image, self._name + view, (int(12 * unit), int(24 * unit)), 0.6 * unit, BONE)
        sides = list(dict.fromkeys(side for side, _ in self._marks))
        counts = [f"{_good(self._marks, s)}" + ("" if s is Side.BOTH else f" {s.value}") for s in sides]
        bottom = image.shape[0] - int(60 * unit)
        _text(image, "  ".join(counts), (int(12 * unit), bottom), 1.8 * unit, BONE)
        for i, (_, verdict) in enumerate(self._marks[-24:]):
            centre = (int((20 + 18 * i) * unit), bottom + int(18 * unit))
            radius, thick = int(6 * unit), max(1, int(1.5 * unit))
            cv2.circle(image, centre, radius, INK, thick + 2, cv2.LINE_AA)
            if verdict is Verdict.GOOD:
                cv2.circle(image, centre, radius, CALM, -1, cv2.LINE_AA)
            colour = {Verdict.GOOD: BONE, Verdict.ATTEMPT: WARM, Verdict.NOT_SEEN: GREY}[verdict]
            cv2.circle(image, centre, radius, colour, thick, cv2.LINE_AA)

    def _range_bars(self, image: Image, moment: Moment, unit: float) -> None:
        top, bottom = int(60 * unit), image.shape[0] - int(60 * unit)
        for i, (_, status) in enumerate(_known(moment)):
            right = image.shape[1] - int((14 + 22 * i) * unit)
            left = right - int(12 * unit)
            cv2.rectangle(image, (left, top), (right, bottom), BONE, max(1, int(unit)), cv2.LINE_AA)
            height = int(min(status, 1.0) * (bottom - top))
            cv2.rectangle(image, (left + 2, bottom - height), (right - 2, bottom), CALM, -1)


def _known(moment: Moment) -> Iterator[tuple[Side, float]]:
    for side, status in moment.status.sides.items():
        if status.range_fraction is not None:
            yield side, status.range_fraction


def _good(marks: list[tuple[Side, Verdict]], side: Side) -> int:
    return sum(s is side and v is Verdict.GOOD for s, v in marks)


def _skeleton(image: Image, pose: PoseFrame, unit: float) -> None:
    points = [tuple(p) if math.isfinite(p[0]) else None for p in pose.keypoints_px.round(1).tolist()]
    thin = max(1, int(2 * unit))
    for a, b in SKELETON:
        start, end = points[a], points[b]
        if start and end:
            cv2.line(image, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), INK, thin + 2, cv2.LINE_AA)
            cv2.line(image, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), BONE, thin, cv2.LINE_AA)


def _text(
    image: Image, words: str, at: tuple[int, int], size: float, colour: tuple[int, int, int], *, middle: bool = False
) -> None:
    words = words.encode("ascii", "replace").decode()
    scale, thick = 0.8 * size, max(1, round(1.6 * size))
    (width, _), _ = cv2.getTextSize(words, FONT, scale, thick)
    if middle:
        scale *= min(1.0, 0.94 * image.shape[1] / max(width, 1))
        (width, _), _ = cv2.getTextSize(words, FONT, scale, thick)
        at = (at[0] - width // 2, at[1])
    cv2.putText(image, words, at, FONT, scale, INK, thick + max(2, round(2.4 * size)), cv2.LINE_AA)
    cv2.putText(image, words, at, FONT, scale, colour, thick, cv2.LINE_AA)
