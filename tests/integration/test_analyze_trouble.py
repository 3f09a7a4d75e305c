"""`unslouch analyze` given what it cannot use: one clear sentence, the right exit code, nothing half-written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest

from unslouch.exports.schema import analysis_schema
from unslouch.testing.commanding import black_pictures, pictures_of, run_command, write_video

TESTS = Path(__file__).resolve().parent.parent
CURL_CLIP, CURL_FILE = TESTS / "clips" / "biceps-curl.mp4", TESTS / "data" / "exercises" / "biceps-curl.toml"


def run(capsys, *arguments):
    """Run a command; return its code and what it printed."""
    code = run_command(*arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def no_outputs(here, *inputs):
    return sorted(path.name for path in here.iterdir()) == sorted(inputs)


def refuse(here, capsys, name, words, code=3):
    got, out, err = run(
        capsys, "analyze", name, "--exercise", CURL_FILE, "--json", "o.json", "--csv", "o.csv", "--annotate", "o.mp4"
    )
    assert got == code
    assert out == ""
    (line,) = [line for line in err.splitlines() if line.strip() and "|" not in line]
    assert words in line
    assert line.endswith(".")
    assert no_outputs(here, *([name] if (here / name).exists() else []))


def test_an_empty_file(here, capsys):
    (here / "empty.mp4").touch()
    refuse(here, capsys, "empty.mp4", "empty.mp4 is empty")


def test_a_text_in_disguise(here, capsys):
    (here / "text.mp4").write_text("Dear diary, today I did ten repetitions.\n" * 50, encoding="utf-8")
    refuse(here, capsys, "text.mp4", "text.mp4 is not a video")


def test_a_file_that_is_not_there(here, capsys):
    refuse(here, capsys, "absent.mp4", "no file absent.mp4")


def test_a_folder(here, capsys):
    (here / "folder.mp4").mkdir()
    refuse(here, capsys, "folder.mp4", "is a folder")


def test_sound_without_picture(here, capsys):
    with av.open(str(here / "song.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    refuse(here, capsys, "song.mp4", "song.mp4")


def test_a_recording_whose_end_is_missing_before_anything_can_be_read(here, capsys):
    whole = write_video(here / "whole.mp4", list(pictures_of(CURL_CLIP, 0.0, 1.0)))
    data = whole.read_bytes()
    assert data.find(b"mdat") < data.find(b"moov"), "the index must be at the end for this test"
    (here / "cut.mp4").write_bytes(data[: len(data) // 2])
    whole.unlink()
    refuse(here, capsys, "cut.mp4", "cut.mp4")


def test_a_recording_that_was_cut_off_is_analysed_as_far_as_it_goes(here, capsys):
    data = CURL_CLIP.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat"), "the index must be at the start for this test"
    (here / "cut.mp4").write_bytes(data[: len(data) * 55 // 100])
    code, out, err = run(
        capsys, "analyze", "cut.mp4", "--exercise", CURL_FILE, "--json", "o.json", "--annotate", "o.mp4"
    )
    assert code == 0
    assert [line for line in err.splitlines() if "cut.mp4 is damaged or was cut off" in line]
    result = json.loads((here / "o.json").read_text(encoding="utf-8"))
    assert 1 <= len(result["reps"]) < 3
    assert "Biceps curl" in out


def test_one_frame(here, capsys):
    write_video(here / "one.mp4", list(pictures_of(CURL_CLIP))[:1])
    code, out, _ = run(
        capsys, "analyze", "one.mp4", "--exercise", CURL_FILE, "--json", "o.json", "--annotate", "drawn.mp4"
    )
    assert code == 0
    assert "No repetition" in out
    assert json.loads((here / "o.json").read_text(encoding="utf-8"))["reps"] == []
    assert len(list(pictures_of(here / "drawn.mp4"))) == 1


def test_nobody_in_view(here, capsys):
    write_video(here / "dark.mp4", black_pictures(320, 240, 12))
    code, _, err = run(capsys, "analyze", "dark.mp4", "--json", "o.json")
    assert code == 4
    assert "dark.mp4: nobody is seen." in err
    result = json.loads((here / "o.json").read_text(encoding="utf-8"))
    assert (result["exercise"], result["reps"]) == ("unknown", [])
    jsonschema.validate(result, analysis_schema())


def test_an_8k_frame(here, capsys):
    write_video(here / "huge.mp4", black_pictures(7680, 4320, 1))
    code, _, err = run(capsys, "analyze", "huge.mp4", "--annotate", "small.mp4")
    assert code == 4
    assert "nobody is seen" in err
    (picture,) = pictures_of(here / "small.mp4")
    assert max(picture.shape) <= 1920


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("schema = 1\nname = ", ["not TOML"]),
        ('schema = 1\nid = "x"\n', ["name: is missing", "signal: is missing", "motion: is missing"]),
        (None, ["cannot be read: No such file"]),
    ],
)
def test_an_exercise_file_that_cannot_be_used(here, capsys, content, words):
    write_video(here / "dark.mp4", black_pictures(320, 240))
    if content is not None:
        (here / "mine.toml").write_text(content, encoding="utf-8")
    code, out, err = run(capsys, "analyze", "dark.mp4", "--exercise", "mine.toml", "--json", "o.json")
    assert code == 2
    assert out == ""
    for word in words:
        assert word in err
    assert all(line.startswith("mine.toml: ") for line in err.splitlines())
    assert not (here / "o.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "VIDEO"),
        (["dark.mp4", "--exercise", "juggling"], "no exercise 'juggling'"),
        (["dark.mp4", "--json", "absent/o.json"], "no folder"),
        (["dark.mp4", "--json", "-", "--csv", "-"], "standard output"),
        (["dark.mp4", "--json", "o", "--csv", "o"], "different files"),
        (["dark.mp4", "dark.mp4", "--annotate", "o.mp4"], "one recording at a time"),
        (["dark.mp4", "--annotate", "dark.mp4"], "overwrite the recording"),
        (["dark.mp4", "--annotate", "../here/dark.mp4"], "overwrite the recording"),
        (["dark.mp4", "--speed", "9"], "--speed"),
    ],
)
def test_options_that_cannot_work(here, capsys, arguments, words):
    write_video(here / "dark.mp4", black_pictures(320, 240))
    before = (here / "dark.mp4").read_bytes()
    code, _, err = run(capsys, "analyze", *arguments)
    assert code == 2
    assert words in err
    assert no_outputs(here, "dark.mp4")
    assert (here / "dark.mp4").read_bytes() == before


def test_a_link_to_the_recording_is_the_recording(here, capsys):
    write_video(here / "dark.mp4", black_pictures(320, 240))
    (here / "link.mp4").symlink_to("dark.mp4")
    code, _, err = run(capsys, "analyze", "link.mp4", "--annotate", "dark.mp4")
    assert code == 2
    assert "overwrite the recording" in err


def test_a_folder_that_may_not_be_written(here, capsys, monkeypatch):
    write_video(here / "dark.mp4", black_pictures(320, 240))

    def no(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", no)
    code, _, err = run(capsys, "analyze", "dark.mp4", "--json", "o.json")
    assert code == 2
    assert "o.json cannot be written: Permission denied." in err


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_draft(here, capsys, monkeypatch):
    write_video(here / "dark.mp4", black_pictures(320, 240))
    (here / "o.mp4").write_bytes(b"the one before")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("unslouch.exports.annotate._fit", full)
    code, _, err = run(capsys, "analyze", "dark.mp4", "--annotate", "o.mp4")
    assert code == 2
    assert "o.mp4 cannot be written: No space left on device." in err
    assert (here / "o.mp4").read_bytes() == b"the one before"
    assert no_outputs(here, "dark.mp4", "o.mp4")


def test_stopping_by_hand_leaves_nothing_behind(here, capsys, monkeypatch):
    write_video(here / "dark.mp4", black_pictures(320, 240))

    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("unslouch.exports.annotate._fit", stop)
    code, _, err = run(capsys, "analyze", "dark.mp4", "--annotate", "o.mp4")
    assert code == 130
    assert err.splitlines()[-1] == "Stopped."
    assert no_outputs(here, "dark.mp4")


# --- as a program of its own ------------------------------------------------------------------------------------------


def test_the_installed_command(here):
    shutil.copy(CURL_CLIP, here / "curl.mp4")
    (here / "text.mp4").write_text("no video", encoding="utf-8")
    command = Path(sys.executable).parent / "unslouch"
    done = subprocess.run(
        [str(command), "analyze", "text.mp4"], cwd=here, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "text.mp4 is not a video" in done.stderr
    assert "Traceback" not in done.stderr
    helped = subprocess.run(
        [str(command), "analyze", "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    assert helped.returncode == 0
    for word in ("--exercise", "--json", "--csv", "--annotate", "0 done", "4 nobody"):
        assert word in helped.stdout
