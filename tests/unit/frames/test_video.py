"""Recordings of every kind that a phone, a camera or a mistake brings."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from unslouch.frames.upright import MAX_SIDE_PX
from unslouch.frames.video import open_video
from unslouch.ports import SourceError

if TYPE_CHECKING:
    from pathlib import Path

RED, GREEN, BLUE = (40, 40, 220), (40, 220, 40), (220, 40, 40)
"""BGR; the corners of every test picture, so that each way of turning it shows: red stands top left."""


def paint(width_px: int, height_px: int) -> np.ndarray:
    """Paint a picture with red top left, green top right, blue bottom left, grey elsewhere."""
    image = np.full((height_px, width_px, 3), 128, np.uint8)
    h, w = height_px // 2, width_px // 2
    image[:h, :w], image[:h, w:], image[h:, :w] = RED, GREEN, BLUE
    return image


def name_corners(image: np.ndarray) -> str:
    """Name the colours clockwise from the top left: r, g, b, or - for grey."""
    h, w = image.shape[:2]
    name = ""
    for y, x in ((h // 4, w // 4), (h // 4, 3 * w // 4), (3 * h // 4, 3 * w // 4), (3 * h // 4, w // 4)):
        pixel = image[y, x].astype(int)
        name += "-" if np.ptp(pixel) < 60 else "bgr"[int(pixel.argmax())]
    return name


def write_video(
    path: Path,
    *,
    size_px: tuple[int, int] = (64, 48),
    pts_ms: tuple[int, ...] = (0, 40, 80),
    turn_deg: float = 0,
    mirrored: bool = False,
    pixel_aspect: Fraction | None = None,
    codec: str = "libx264",
    pixels: str = "yuv420p",
) -> Path:
    """Write a video of the painted picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height = size_px
        stream.pix_fmt = pixels
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if turn_deg or mirrored:
            stream.set_display_rotation(turn_deg, hflip=mirrored)
        for pts in pts_ms:
            picture = av.VideoFrame.from_ndarray(paint(*size_px), format="bgr24")
            picture.pts, picture.time_base = pts, Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """Write a file with sound alone."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        for _ in range(8):
            sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            sound.rate = 8000
            container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def read_all(path: Path) -> list:
    with open_video(path) as source:
        return list(source)


def test_frames_carry_their_own_times(tmp_path):
    times_ms = (0, 40, 50, 210, 1210)
    frames = read_all(write_video(tmp_path / "v.mp4", pts_ms=times_ms))
    assert [round(frame.t_s * 1000) for frame in frames] == list(times_ms)


def test_the_first_frame_counts_from_the_files_own_zero(tmp_path):
    path = write_video(tmp_path / "v.ts", size_px=(320, 240), pts_ms=tuple(range(0, 2000, 40)))
    with av.open(str(path)) as container:
        assert container.start_time > 0
    assert [round(frame.t_s * 1000) for frame in read_all(path)[:3]] == [0, 40, 80]


def test_duration_is_known_before_decoding(tmp_path):
    with open_video(write_video(tmp_path / "v.mp4", pts_ms=(0, 500, 1000))) as source:
        assert source.duration_s == pytest.approx(1.0, abs=0.51)


@pytest.mark.parametrize(
    ("turn_deg", "mirrored", "corners", "size_px"),
    [
        (0, False, "rg-b", (64, 48)),
        (90, False, "g-br", (48, 64)),
        (180, False, "-brg", (64, 48)),
        (-90, False, "brg-", (48, 64)),
        (0, True, "grb-", (64, 48)),
    ],
)
def test_phone_video_is_turned_as_every_player_turns_it(tmp_path, turn_deg, mirrored, corners, size_px):
    path = write_video(tmp_path / "v.mp4", turn_deg=turn_deg, mirrored=mirrored)
    for frame in read_all(path):
        assert name_corners(frame.image_bgr) == corners
        assert frame.image_bgr.shape[1::-1] == size_px
        assert frame.image_bgr.flags.c_contiguous


@pytest.mark.parametrize(
    ("pixel_aspect", "size_px"), [(Fraction(4, 3), (85, 48)), (Fraction(3, 4), (64, 64)), (Fraction(99, 1), (64, 48))]
)
def test_pixels_become_square(tmp_path, pixel_aspect, size_px):
    frame = read_all(write_video(tmp_path / "v.mp4", pixel_aspect=pixel_aspect))[0]
    assert frame.image_bgr.shape[1::-1] == size_px
    assert name_corners(frame.image_bgr) == "rg-b"


def test_wide_pixels_are_widened_before_the_turn(tmp_path):
    frame = read_all(write_video(tmp_path / "v.mp4", pixel_aspect=Fraction(2), turn_deg=90))[0]
    assert frame.image_bgr.shape[1::-1] == (48, 128)


@pytest.mark.parametrize(
    ("codec", "pixels", "name"),
    [
        ("libx264", "yuv444p", "v.mp4"),
        ("libx264", "yuv420p10le", "v.mkv"),
        ("ffv1", "bgra", "v.mkv"),
        ("ffv1", "gray", "v.mkv"),
        ("mjpeg", "yuvj420p", "v.avi"),
        ("libvpx-vp9", "yuv420p", "v.webm"),
        ("gif", "rgb8", "v.gif"),
    ],
)
def test_any_pixel_format_becomes_bgr(tmp_path, codec, pixels, name):
    frames = read_all(write_video(tmp_path / name, codec=codec, pixels=pixels))
    assert len(frames) == 3
    assert frames[0].image_bgr.dtype == np.uint8
    assert frames[0].image_bgr.shape == (48, 64, 3)
    assert name_corners(frames[0].image_bgr) == ("----" if pixels == "gray" else "rg-b")


def test_odd_sizes_are_kept(tmp_path):
    frame = read_all(write_video(tmp_path / "v.mkv", size_px=(65, 47), codec="ffv1", pixels="yuv420p"))[0]
    assert frame.image_bgr.shape == (47, 65, 3)


def test_interlaced_video_shows_one_moment_a_frame(tmp_path):
    path = tmp_path / "v.mkv"
    combed = paint(64, 48)
    combed[1::2] = combed[1::2][:, ::-1]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg2video", rate=25, options={"flags": "+ilme+ildct", "b": "4M"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv422p"
        picture = av.VideoFrame.from_ndarray(combed, format="bgr24")
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    image = read_all(path)[0].image_bgr
    assert image.shape == (48, 64, 3)
    assert name_corners(image) == "rg-b"
    assert np.abs(np.diff(image[8:16, 8].astype(int), axis=0)).max() < 40


def test_an_8k_video_is_read_scaled_down(tmp_path):
    frame = read_all(
        write_video(tmp_path / "v.mkv", size_px=(7680, 4320), pts_ms=(0,), codec="mjpeg", pixels="yuvj420p")
    )[0]
    assert max(frame.image_bgr.shape) == MAX_SIDE_PX
    assert name_corners(frame.image_bgr) == "rg-b"


def test_a_one_frame_video_works(tmp_path):
    assert len(read_all(write_video(tmp_path / "v.mp4", pts_ms=(0,)))) == 1


def test_a_truncated_video_gives_what_it_has(tmp_path):
    whole = write_video(tmp_path / "v.mkv", pts_ms=tuple(range(0, 4000, 40)), size_px=(320, 240))
    part = tmp_path / "part.mkv"
    part.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.6)])
    frames = read_all(part)
    assert 1 < len(frames) < 100
    assert np.all(np.diff([frame.t_s for frame in frames]) > 0)


def test_times_grow_even_where_the_file_repeats_them(tmp_path):
    path = tmp_path / "v.avi"
    with av.open(str(path), "w", format="rawvideo") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(4):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(paint(64, 48), format="bgr24")))
        container.mux(stream.encode(None))
    times_s = [frame.t_s for frame in read_all(path)]
    assert len(times_s) == 4
    assert np.all(np.diff(times_s) > 0)


def write_text(path: Path) -> Path:
    path.write_text("This is not a video.\n" * 40)
    return path


def write_playlist(path: Path) -> Path:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://192.0.2.1/a.ts\n#EXT-X-ENDLIST\n")
    return path


def write_cut_mp4(path: Path) -> Path:
    """Write an MP4 that lost its table of contents, which stands at the end."""
    write_video(path, pts_ms=tuple(range(0, 4000, 40)), size_px=(320, 240))
    path.write_bytes(path.read_bytes()[:2000])
    return path


def write_hollow(path: Path) -> Path:
    """Write a video whose pictures are all noise."""
    write_video(path, pts_ms=(0, 40, 80), codec="mjpeg", pixels="yuvj420p")
    content = bytearray(path.read_bytes())
    start = content.index(b"\xff\xd8\xff")
    content[start:] = b"\x00" * (len(content) - start)
    path.write_bytes(content)
    return path


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def make_empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("make", "name", "sentence"),
    [
        (lambda path: path, "v.mp4", "There is no file"),
        (make_folder, "v.mp4", "is a folder, not a video"),
        (make_empty, "v.mp4", "is empty"),
        (write_text, "v.mp4", "is not a video that can be read"),
        (write_playlist, "v.m3u8", "read"),
        (write_cut_mp4, "v.mp4", "is not a video that can be read"),
        (write_sound, "v.m4a", "There is only sound in"),
        (write_hollow, "v.mkv", "read"),
    ],
)
def test_what_is_no_video_ends_in_one_sentence(tmp_path, make, name, sentence):
    path = make(tmp_path / name)
    with pytest.raises(SourceError) as caught:
        read_all(path)
    message = str(caught.value)
    assert sentence in message
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message


def test_leaving_early_ends_the_reading_thread(tmp_path):
    path = write_video(tmp_path / "v.mp4", pts_ms=tuple(range(0, 4000, 40)))
    source = open_video(path)
    next(iter(source))
    assert any(thread.name.startswith("prefetch") for thread in threading.enumerate())
    source.close()
    assert not any(thread.name.startswith("prefetch") for thread in threading.enumerate())


def test_the_reader_runs_only_a_few_frames_ahead(tmp_path, monkeypatch):
    made = []

    def count(picture, pixel_aspect):
        made.append(picture.pts)
        return np.zeros((4, 4, 3), np.uint8)

    monkeypatch.setattr("unslouch.frames.video.make_upright", count)
    path = write_video(tmp_path / "v.mp4", pts_ms=tuple(range(0, 4000, 40)))
    with open_video(path) as source:
        frames = iter(source)
        for _ in range(5):
            next(frames)
        assert len(made) <= 9
