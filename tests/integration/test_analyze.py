"""`unslouch analyze` from the outside: files in, words, JSON, CSV, pictures and exit codes out."""

import csv
import itertools
import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest

from unslouch.cli.main import main
from unslouch.exports.report import CSV_COLUMNS
from unslouch.exports.schema import analysis_schema

TESTS = Path(__file__).resolve().parent.parent
CURL_CLIP, CURL_FILE = TESTS / "clips" / "biceps-curl.mp4", TESTS / "data" / "exercises" / "biceps-curl.toml"
BUNDLED = TESTS.parent / "src" / "unslouch" / "data" / "clips"


def write_video(path, pictures, fps=15):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.bit_rate = 4_000_000
        for i, picture in enumerate(pictures):
            if i == 0:
                stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p"
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = i, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def pictures_of(path, start_s=0.0, end_s=1e9, every=1):
    with av.open(str(path)) as container:
        for i, frame in enumerate(container.decode(video=0)):
            if i % every == 0 and start_s <= frame.time < end_s:
                yield frame.to_ndarray(format="bgr24")


def black(width, height, n_frames=3):
    return [np.zeros((height, width, 3), np.uint8)] * n_frames


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder, and see that nothing half-written stays behind anywhere."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(folder)
    yield folder
    assert list(scratch.iterdir()) == []
    assert [p.name for p in folder.rglob("*") if p.name.startswith(".")] == []


def run(capsys, *arguments):
    """Run a command; return its code, what it printed, and the sentences of its complaint."""
    try:
        code = main([str(a) for a in arguments])
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


# --- one recording, every output --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """Analyse the clip of an exercise that is a file alone, once, with every output."""
    folder = tmp_path_factory.mktemp("analysed")
    outputs = {name: folder / f"out.{name}" for name in ("json", "csv", "mp4")}
    options = ["--json", outputs["json"], "--csv", outputs["csv"], "--annotate", outputs["mp4"]]
    code = main(["analyze", str(CURL_CLIP), "--exercise", str(CURL_FILE), *map(str, options)])
    assert sorted(path.name for path in folder.iterdir()) == ["out.csv", "out.json", "out.mp4"]
    return code, outputs


def test_an_exercise_that_is_a_file_alone_is_counted(analysed):
    code, outputs = analysed
    result = json.loads(outputs["json"].read_text(encoding="utf-8"))
    assert code == 0
    assert result["schema"] == 1
    assert (result["exercise"], result["view"], result["video"]) == ("biceps-curl", "suitable", str(CURL_CLIP))
    assert [rep["verdict"] for rep in result["reps"]] == ["good", "attempt", "good"]
    assert [fault["id"] for rep in result["reps"] for fault in rep["faults"]] == ["partial-range"]
    counts = {"good": 2, "attempt": 1, "not_seen": 0}
    assert counts in result["counts"].values()
    said = [(s["kind"], s["text"]) for s in result["spoken"] if s["kind"] != "guide"]
    assert [kind for kind, _ in said[:3]] == ["number", "cue", "number"]


def test_the_json_is_what_its_schema_says(analysed):
    text = analysed[1]["json"].read_text(encoding="utf-8")
    result = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    jsonschema.validate(result, analysis_schema())
    jsonschema.validate([result, result], analysis_schema())
    for key in ("video", "reps", "counts", "not_judged"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({k: v for k, v in result.items() if k != key}, analysis_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, "schema": 2}, analysis_schema())


def test_the_csv_has_a_line_for_each_repetition(analysed):
    _, outputs = analysed
    with outputs["csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reps = json.loads(outputs["json"].read_text(encoding="utf-8"))["reps"]
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(row["index"], row["side"], row["verdict"]) for row in rows] == [
        (str(rep["index"]), rep["side"], rep["verdict"]) for rep in reps
    ]
    for row, rep in zip(rows, reps, strict=True):
        assert float(row["start_s"]) == rep["start_s"]
        assert float(row["range_value"]) == rep["range"]["value"]
        assert row["faults"].split() == [fault["id"] for fault in rep["faults"]]
        assert row["not_seen"].split() == [check for check, result in rep["checks"].items() if result == "not_seen"]


def test_the_annotated_recording_plays_with_the_times_of_the_original(analysed):
    def times(path):
        with av.open(str(path)) as container:
            return [float(frame.time) for frame in container.decode(video=0)]

    before, after = times(CURL_CLIP), times(analysed[1]["mp4"])
    assert len(after) == len(before)
    np.testing.assert_allclose(np.diff(after), np.diff(before), atol=0.002)


def test_something_is_drawn_and_the_picture_is_still_the_picture(analysed):
    plain = next(pictures_of(CURL_CLIP, start_s=5.0)).astype(float)
    drawn = next(pictures_of(analysed[1]["mp4"], start_s=5.0)).astype(float)
    assert drawn.shape == plain.shape
    changed = np.abs(drawn - plain).max(axis=2) > 60
    assert 0.003 < changed.mean() < 0.25


# --- several recordings, other outputs --------------------------------------------------------------------------------


def test_several_recordings_are_all_tried_and_the_worst_code_returned(here, capsys):
    nobody = write_video(here / "dark.mp4", black(320, 240))
    (here / "empty.mp4").touch()
    person = write_video(here / "person.mp4", list(pictures_of(CURL_CLIP, 0.0, 0.4)))
    code, out, err = run(capsys, "analyze", "empty.mp4", person, nobody, "--exercise", CURL_FILE, "--json", "all.json")
    assert code == 4
    result = json.loads((here / "all.json").read_text(encoding="utf-8"))
    assert [one["video"] for one in result] == [str(person), str(nobody)]
    jsonschema.validate(result, analysis_schema())
    assert "empty.mp4 is empty" in err
    assert "person.mp4" in out
    code, _, _ = run(capsys, "analyze", "empty.mp4", person, "--exercise", CURL_FILE)
    assert code == 3


def test_one_of_several_that_can_be_read_is_still_a_list(here, capsys):
    person = write_video(here / "person.mp4", list(pictures_of(CURL_CLIP, 0.0, 0.3)))
    (here / "empty.mp4").touch()
    code, out, _ = run(capsys, "analyze", person, "empty.mp4", "--exercise", CURL_FILE, "--json", "-")
    assert code == 3
    assert [one["video"] for one in json.loads(out)] == [str(person)]


def test_csv_to_standard_output_is_nothing_but_csv(here, capsys):
    person = write_video(here / "person.mp4", list(pictures_of(CURL_CLIP, 0.0, 0.3)))
    code, out, _ = run(capsys, "analyze", person, "--exercise", CURL_FILE, "--csv", "-")
    assert code == 0
    assert out.splitlines() == [",".join(CSV_COLUMNS)]


def test_auto_recognises_one_repetition(here, capsys):
    clip = write_video(here / "one.mp4", list(pictures_of(BUNDLED / "external-rotation.mp4", 4.4, 11.0, every=2)))
    code, out, _ = run(capsys, "analyze", clip, "--json", "one.json")
    result = json.loads((here / "one.json").read_text(encoding="utf-8"))
    assert code == 0
    assert result["exercise"] == "external-rotation"
    assert result["counts"]["right"] == {"good": 1, "attempt": 0, "not_seen": 0}
    assert "External rotation" in out


def test_auto_does_not_guess(here, capsys):
    clip = write_video(here / "still.mp4", list(pictures_of(CURL_CLIP, 0.0, 1.0)))
    code, out, _ = run(capsys, "analyze", clip, "--json", "still.json")
    assert code == 0
    result = json.loads((here / "still.json").read_text(encoding="utf-8"))
    assert (result["exercise"], result["reps"]) == ("unknown", [])
    jsonschema.validate(result, analysis_schema())
    assert "not one of the exercises" in out


def test_an_unsuitable_view_is_done_and_names_the_turn(here, capsys):
    text = CURL_FILE.read_text(encoding="utf-8")
    lines = [
        "count = [[-20, 20]]"
        if line.startswith("count = ")
        else "guide_to = 0"
        if line.startswith("guide_to")
        else line
        for line in text.splitlines()
        if not line.startswith("views = ")
    ]
    file = here / "front-only.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    clip = write_video(here / "curl.mp4", list(pictures_of(CURL_CLIP, 0.0, 8.5, every=2)), fps=Fraction(15, 2))
    code, out, _ = run(capsys, "analyze", clip, "--exercise", file, "--json", "out.json")
    result = json.loads((here / "out.json").read_text(encoding="utf-8"))
    assert code == 0
    assert result["view"] == "unsuitable"
    assert [rep for rep in result["reps"] if rep["verdict"] == "good"] == []
    # The clip shows the person's right side: turning right brings the front to the camera.
    assert result["turn"].startswith("Turn ")
    assert result["turn"].endswith("right.")
    assert result["turn"] in out


def test_two_people_side_by_side_are_counted_as_one(here, capsys):
    pictures = list(pictures_of(CURL_CLIP, 0.0, 8.5))
    clip = write_video(here / "two.mp4", [np.hstack([picture, picture[:, ::-1]]) for picture in pictures])
    code, _, _ = run(capsys, "analyze", clip, "--exercise", CURL_FILE, "--json", "two.json")
    result = json.loads((here / "two.json").read_text(encoding="utf-8"))
    assert code == 0
    starts = [rep["start_s"] for rep in result["reps"]]
    assert 1 <= len(starts) <= 2
    assert all(b - a > 1.5 for a, b in itertools.pairwise(starts))


# --- bad input --------------------------------------------------------------------------------------------------------


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
    write_video(here / "dark.mp4", black(320, 240, 12))
    code, _, err = run(capsys, "analyze", "dark.mp4", "--json", "o.json")
    assert code == 4
    assert "dark.mp4: nobody is seen." in err
    result = json.loads((here / "o.json").read_text(encoding="utf-8"))
    assert (result["exercise"], result["reps"]) == ("unknown", [])
    jsonschema.validate(result, analysis_schema())


def test_an_8k_frame(here, capsys):
    write_video(here / "huge.mp4", black(7680, 4320, 1))
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
    write_video(here / "dark.mp4", black(320, 240))
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
    write_video(here / "dark.mp4", black(320, 240))
    before = (here / "dark.mp4").read_bytes()
    code, _, err = run(capsys, "analyze", *arguments)
    assert code == 2
    assert words in err
    assert no_outputs(here, "dark.mp4")
    assert (here / "dark.mp4").read_bytes() == before


def test_a_link_to_the_recording_is_the_recording(here, capsys):
    write_video(here / "dark.mp4", black(320, 240))
    (here / "link.mp4").symlink_to("dark.mp4")
    code, _, err = run(capsys, "analyze", "link.mp4", "--annotate", "dark.mp4")
    assert code == 2
    assert "overwrite the recording" in err


def test_a_folder_that_may_not_be_written(here, capsys, monkeypatch):
    write_video(here / "dark.mp4", black(320, 240))

    def no(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", no)
    code, _, err = run(capsys, "analyze", "dark.mp4", "--json", "o.json")
    assert code == 2
    assert "o.json cannot be written: Permission denied." in err


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_draft(here, capsys, monkeypatch):
    write_video(here / "dark.mp4", black(320, 240))
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
    write_video(here / "dark.mp4", black(320, 240))

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
