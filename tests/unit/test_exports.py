"""Accounts as words, JSON and CSV, and files that are there whole or not at all."""

import csv
import io
import json
import os
import stat
from dataclasses import replace

import jsonschema
import pytest

from unslouch.analysis import Account, Moment
from unslouch.core.events import CheckResult, Fault, LiveStatus, Side, SpeechKind, Spoken, Verdict
from unslouch.exports.report import CSV_COLUMNS, count, to_csv, to_plain, to_words
from unslouch.exports.safely import ExportError, replacing, write_text
from unslouch.exports.schema import analysis_schema
from unslouch.session import Outcome
from unslouch.testing.coach import make_exercise, make_rep

EXERCISE = make_exercise(one_sided=True)
FAULT = Fault("shrug", 0.61, 0.5, "torso", 1.5)


def rep(index, side=Side.LEFT, verdict=Verdict.GOOD, faults=()):
    plain = make_rep(index, side=side, verdict=verdict)
    return replace(
        plain,
        range=replace(plain.range, of_reference=0.97),
        checks={"shrug": CheckResult.FAULT if faults else CheckResult.OK, "slack": CheckResult.NOT_SEEN},
        faults=faults,
    )


REPS = [
    rep(1),
    rep(2, Side.RIGHT),
    rep(3, verdict=Verdict.ATTEMPT, faults=(FAULT,)),
    replace(rep(4, verdict=Verdict.NOT_SEEN), view_deg=None),
]


def account(reps=REPS, *, turn="", exercise=EXERCISE, somebody=True, not_judged=None, said=()):
    outcome = Outcome(reps=list(reps), turn=turn, not_judged=not_judged or {}, seen=somebody)
    return Account(exercise, outcome, [Moment(LiveStatus(0.0), tuple(said))], somebody)


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_the_json_says_everything_and_fits_its_schema():
    said = [Spoken(2.03456, SpeechKind.NUMBER, "1"), Spoken(3.0, SpeechKind.TICK, "")]
    plain = json.loads(json.dumps(to_plain("a.mp4", account(not_judged={"slack": "too dark"}, said=said))))
    jsonschema.validate(plain, analysis_schema())
    assert plain["counts"] == {
        "left": {"good": 1, "attempt": 1, "not_seen": 1},
        "right": {"good": 1, "attempt": 0, "not_seen": 0},
    }
    assert plain["not_judged"] == [{"check": "slack", "why": "too dark"}]
    assert plain["spoken"] == [{"at_s": 2.035, "kind": "number", "text": "1"}]
    assert plain["reps"][2]["faults"] == [{"id": "shrug", "value": 0.61, "limit": 0.5, "unit": "torso", "at_s": 1.5}]
    assert plain["reps"][3]["view_deg"] is None
    assert (plain["view"], plain["turn"]) == ("suitable", None)


def test_an_unsuitable_view_and_an_unknown_exercise_fit_too():
    for one in (account([], turn="Turn to your left."), account([], exercise=None), account([], somebody=False)):
        jsonschema.validate(to_plain("a.mp4", one), analysis_schema())
    assert to_plain("a.mp4", account([], turn="Turn to your left."))["view"] == "unsuitable"
    assert to_plain("a.mp4", account([], exercise=None))["exercise"] == "unknown"


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("reps", 0, "verdict"), "great"),
        (("reps", 0, "side"), "top"),
        (("reps", 0, "concentric_s"), -1),
        (("reps", 0, "index"), 0),
        (("reps", 2, "faults", 0, "id"), "made-up"),
        (("view",), "fine"),
        (("counts", "left", "good"), -1),
    ],
)
def test_the_schema_minds(where, what):
    plain = to_plain("a.mp4", account())
    inner = plain
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = what
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, analysis_schema())


def test_the_sides_of_the_exercise_are_always_counted():
    nothing = {"good": 0, "attempt": 0, "not_seen": 0}
    assert count(EXERCISE, []) == {"left": nothing, "right": nothing}
    assert count(make_exercise(), []) == {"both": nothing}
    assert count(None, []) == {}
    assert set(count(EXERCISE, [rep(1, Side.BOTH)])) == {"left", "right", "both"}


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_the_csv_survives_any_name():
    name = 'my "best", clip\n.mp4'
    rows = list(csv.DictReader(io.StringIO(to_csv([(name, account()), ("b.mp4", account(REPS[:1]))]))))
    assert [row["video"] for row in rows] == [name] * 4 + ["b.mp4"]
    assert tuple(rows[0]) == CSV_COLUMNS
    assert (rows[2]["faults"], rows[2]["not_seen"], rows[3]["view_deg"]) == ("shrug", "slack", "")
    assert [row["verdict"] for row in rows[:4]] == ["good", "good", "attempt", "not_seen"]


# --- words ------------------------------------------------------------------------------------------------------------


def test_the_words_say_what_was_done_and_why_not():
    words = to_words("a.mp4", account(not_judged={"bent-elbows": "this camera angle cannot show it"}))
    assert words.splitlines()[0] == "a.mp4: Wave with one hand"
    assert "left: 1 good, 1 attempt, 1 not seen" in words
    assert "right: 1 good" in words
    assert "attempt: Low" in words
    assert "Not judged: bent elbows, this camera angle cannot show it." in words


def test_the_words_for_what_cannot_be_told():
    assert to_words("a.mp4", account([], somebody=False)) == "a.mp4: nobody is seen."
    assert "Turn to your left." in to_words("a.mp4", account([], turn="Turn to your left."))
    assert "not one of the exercises" in to_words("a.mp4", account([], exercise=None))
    assert "No repetition." in to_words("a.mp4", account([]))


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_takes_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")
    with replacing(path) as draft:
        assert draft.parent == tmp_path
        assert draft.suffix == ".json"
        draft.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("trouble", [ValueError("no"), KeyboardInterrupt()])
def test_trouble_leaves_the_old_file_and_no_draft(tmp_path, trouble):
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")

    def write():
        with replacing(path) as draft:
            draft.write_text("half", encoding="utf-8")
            raise trouble

    with pytest.raises(type(trouble)):
        write()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_a_sentence(tmp_path):
    with pytest.raises(ExportError, match=r"absent.out.txt cannot be written: No such file or directory\."):
        write_text(tmp_path / "absent" / "out.txt", "x")


def test_text_is_written_as_it_is(tmp_path):
    write_text(tmp_path / "a.csv", "a,b\r\nä,→\r\n")
    assert (tmp_path / "a.csv").read_bytes() == "a,b\r\nä,→\r\n".encode()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX files have a mode")
def test_others_may_read_what_was_written(tmp_path):
    write_text(tmp_path / "a.txt", "x")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644
