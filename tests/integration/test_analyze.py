"""`unslouch analyze` from the outside: files in, words, JSON, CSV and pictures out."""

import csv
import itertools
import json
from fractions import Fraction
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest

from unslouch.exports.report import CSV_COLUMNS
from unslouch.exports.schema import analysis_schema
from unslouch.testing.commanding import black_pictures, pictures_of, run_command, write_video

TESTS = Path(__file__).resolve().parent.parent
CURL_CLIP, CURL_FILE = TESTS / "clips" / "biceps-curl.mp4", TESTS / "data" / "exercises" / "biceps-curl.toml"
BUNDLED = TESTS.parent / "src" / "unslouch" / "data" / "clips"


def run(capsys, *arguments):
    """Run a command; return its code and what it printed."""
    code = run_command(*arguments)
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
    code = run_command("analyze", CURL_CLIP, "--exercise", CURL_FILE, *options)
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
    nobody = write_video(here / "dark.mp4", black_pictures(320, 240))
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
