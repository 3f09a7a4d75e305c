"""Exercise files: every mistake is named with its key, all at once, and what is right is read as it stands."""

import re
from pathlib import Path

import jsonschema
import pytest

from unslouch.bootstrap import EXERCISES, load_catalogue
from unslouch.catalogue import CatalogueError, load_directory, load_exercise, parse_exercise
from unslouch.catalogue.load import json_schema
from unslouch.core.events import Phase
from unslouch.core.exercise import Limit
from unslouch.core.features import FEATURES
from unslouch.testing.example import CURL

SOURCE = Path(__file__).resolve().parents[2] / "src" / "unslouch"
FILES = sorted(EXERCISES.glob("*.toml"))

CHECK_LIMIT = 'rises_above_reference_by = { value = 15, unit = "deg", source = "made up", evidence = "judgement" }'


def changed(*changes):
    text = CURL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def errors_of(text):
    with pytest.raises(CatalogueError) as caught:
        parse_exercise(text, "wave.toml")
    return caught.value.errors


def test_the_example_is_right():
    exercise = parse_exercise(CURL, "wave.toml")
    assert (exercise.id, exercise.dose.reps, exercise.view.count) == ("wrist-wave", (8, 10), ((-40.0, 40.0),))
    assert exercise.check[0].during == (Phase.CONCENTRIC, Phase.HOLD)
    assert exercise.check[0].limit == Limit(15.0, "deg", "made up", "judgement")
    assert exercise.check[1].severity == "must"


MISTAKES = [
    ("unknown key", ("[dose]\n", "[dose]\nfrequency = 3\n"), "dose.frequency", "not a known key"),
    ("unknown table", ("[dose]\n", "[dosage]\nx = 1\n\n[dose]\n"), "dosage", "not a known key"),
    ("missing key", ('purpose = "For tests."\n', ""), "purpose", "is missing"),
    ("wrong type", ("reps = [8, 10]", 'reps = ["eight", 10]'), "dose.reps[0]", "integer"),
    ("three of two", ("reps = [8, 10]", "reps = [8, 10, 12]"), "dose.reps", ""),
    ("wrong word", ('sides = "one at a time"', 'sides = "left"'), "sides", "both together"),
    ("wrong schema", ("schema = 1", "schema = 2"), "schema", "1"),
    ("id in capitals", ('id = "wrist-wave"', 'id = "Wrist Wave"'), "id", "hyphens"),
    ("empty name", ('name = "Wrist wave"', 'name = " "'), "name", "empty"),
    ("empty setup", ('setup = ["Let the arm hang."]', "setup = []"), "setup", "sentence"),
    ("no source", ('sources = ["made up for tests"]', "sources = []"), "sources", "at least one"),
    ("reps turned round", ("reps = [8, 10]", "reps = [10, 8]"), "dose.reps", "not a range"),
    (
        "unknown feature of the signal",
        ('[signal]\nfeature = "wrist_above_elbow_torsos"', '[signal]\nfeature = "wrist_height"'),
        "signal.feature",
        "not a known feature",
    ),
    (
        "unknown feature of a check",
        ('feature = "upper_arm_from_trunk_deg"', 'feature = "elbow_speed"'),
        "check[0].feature",
        "not a known feature",
    ),
    (
        "unknown feature of the start",
        ('feature = "wrist_above_elbow_torsos", below = -0.2', 'feature = "wrist", below = -0.2'),
        "start.require[0].feature",
        "not a known feature",
    ),
    (
        "wrong unit",
        ('value = 15, unit = "deg"', 'value = 15, unit = "torso"'),
        "check[0].rises_above_reference_by.unit",
        "'deg'",
    ),
    (
        "wrong unit of the signal",
        ('fallback = 0.3, unit = "torso"', 'fallback = 0.3, unit = "px"'),
        "signal.full.unit",
        "'torso'",
    ),
    ("a share with a unit", ('value = 0.8, unit = "1"', 'value = 0.8, unit = "s"'), "check[1].below.unit", "'1'"),
    (
        "a threshold without a source",
        ('value = 15, unit = "deg", source = "made up"', 'value = 15, unit = "deg", source = " "'),
        "check[0].rises_above_reference_by.source",
        "empty",
    ),
    (
        "a threshold without the key",
        ('value = 15, unit = "deg", source = "made up", ', 'value = 15, unit = "deg", '),
        "check[0].rises_above_reference_by.source",
        "is missing",
    ),
    (
        "evidence that is none",
        (
            'value = 15, unit = "deg", source = "made up", evidence = "judgement"',
            'value = 15, unit = "deg", source = "x", evidence = "hope"',
        ),
        "check[0].rises_above_reference_by.evidence",
        "measured",
    ),
    ("empty cue", ('say = "Elbow in."', 'say = ""'), "check[0].say", "empty"),
    ("unknown fault", ('fault = "elbow-drift"', 'fault = "bad-vibes"'), "check[0].fault", "not one of"),
    ("the same fault twice", ('fault = "fast-release"', 'fault = "elbow-drift"'), "check[1].fault", "twice"),
    (
        "two limits",
        (CHECK_LIMIT, CHECK_LIMIT + '\nabove = { value = 15, unit = "deg", source = "x", evidence = "judgement" }'),
        "check[0]",
        "exactly one",
    ),
    ("no limit", (CHECK_LIMIT + "\n", ""), "check[0]", "exactly one"),
    (
        "feature and compare",
        ('compare = "eccentric_over_concentric"', 'compare = "range"\nfeature = "upper_arm_from_trunk_deg"'),
        "check[1]",
        "either feature or compare",
    ),
    ("neither of them", ('feature = "upper_arm_from_trunk_deg"\n', ""), "check[0]", "either feature or compare"),
    ("unknown phase", ('during = ["concentric", "hold"]', 'during = ["up"]'), "check[0].during[0]", "concentric"),
    ("view turned round", ("count = [[-40, 40]]", "count = [[40, -40]]"), "view.count[0]", "not a range"),
    ("view beyond the circle", ("count = [[-40, 40]]", "count = [[-40, 400]]"), "view.count[0]", "not a range"),
    ("no view", ("count = [[-40, 40]]", "count = []"), "view.count", "empty"),
    ("guided where it cannot count", ("guide_to = 0", "guide_to = 80"), "view.guide_to", "outside view.count"),
    (
        "a check that no counted view shows",
        ('say = "Elbow in."', 'say = "Elbow in."\nviews = [[80, 90]]'),
        "check[0].views",
        "no view that can be counted",
    ),
    ("unknown part", ('needs = ["wrists", "elbows"]', 'needs = ["wrists", "toes"]'), "view.needs[1]", "not one of"),
    ("nothing to reach", ("fallback = 0.0", "fallback = 0.4"), "signal.count_from", "below signal.full"),
    (
        "more than all",
        ("of_personal_range = 0.85", "of_personal_range = 1.2"),
        "signal.full.of_personal_range",
        "between 0 and 1",
    ),
    ("points in disorder", ("fallback = 0.3", "fallback = [[10, 0.3], [0, 0.3]]"), "signal.full.fallback", "grow"),
    ("no time", ("min_s = 0.8", "min_s = 15.0"), "signal.min_s", "not a range"),
    ("a condition without bounds", (", below = -0.2", ""), "start.require[0]", "above, below or between"),
    ("a condition turned round", ("below = -0.2", "between = [0.3, -0.3]"), "start.require[0]", "not a range"),
    ("a motion without a top", ("{ at = 1.0,", "{ at = 0.9,"), "motion.keyframes", "top"),
    (
        "a joint beyond its limits",
        ("elbow_flexion_deg = 130", "elbow_flexion_deg = 190"),
        "motion.keyframes[1].working.elbow_flexion_deg",
        "150",
    ),
    (
        "an unknown joint",
        ("{ elbow_flexion_deg = 5 }", "{ elbow_bend = 5 }"),
        "motion.keyframes[0].working.elbow_bend",
        "",
    ),
]


@pytest.mark.parametrize(("change", "key", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named_by_its_key(change, key, words):
    errors = errors_of(changed(change))
    named = [error for error in errors if error.startswith(key)]
    assert named, errors
    assert any(words in error for error in named), errors
    assert len(errors) <= (4 if key == "view.count" else 2), "one mistake should not be told in many ways"


def test_all_mistakes_of_shape_are_told_at_once():
    errors = errors_of(
        changed(
            ('purpose = "For tests."\n', ""),
            ("[dose]\n", "[dose]\nfrequency = 3\n"),
            ("schema = 1", "schema = 7"),
            ("hold_s = 0.3", 'hold_s = "short"'),
        )
    )
    keys = {error.split(":")[0] for error in errors}
    assert keys == {"purpose", "dose.frequency", "schema", "start.hold_s"}


def test_all_mistakes_of_sense_are_told_at_once():
    errors = errors_of(
        changed(
            ("guide_to = 0", "guide_to = 80"),
            ('say = "Slower."', 'say = " "'),
            ('feature = "upper_arm_from_trunk_deg"', 'feature = "elbow_speed"'),
            ("reps = [8, 10]", "reps = [0, 10]"),
            ('needs = ["wrists", "elbows"]', 'needs = ["fins"]'),
        )
    )
    keys = {error.split(":")[0] for error in errors}
    assert keys == {"view.guide_to", "check[1].say", "check[0].feature", "dose.reps", "view.needs[0]"}


def test_a_text_that_is_not_toml_says_so():
    (error,) = errors_of("schema = = 1")
    assert "not TOML" in error
    assert "line 1" in error


def test_every_line_of_the_error_names_the_file():
    with pytest.raises(CatalogueError) as caught:
        parse_exercise(changed(("guide_to = 0", "guide_to = 80"), ('say = "Slower."', 'say = ""')), "wave.toml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert all(line.startswith("wave.toml: ") for line in lines)


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    for path, why in ((tmp_path / "absent.toml", "No such file"), (tmp_path, "")):
        with pytest.raises(CatalogueError, match=f"cannot be read: {why}"):
            load_exercise(path)
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9\xff"')
    with pytest.raises(CatalogueError, match="not UTF-8"):
        load_exercise(tmp_path / "latin.toml")


def test_a_folder_tells_the_mistakes_of_all_its_files(tmp_path):
    (tmp_path / "a.toml").write_text(changed(("guide_to = 0", "guide_to = 80")), encoding="utf-8")
    (tmp_path / "b.toml").write_text(changed(('say = "Slower."', 'say = ""')), encoding="utf-8")
    (tmp_path / "c.toml").write_text(CURL, encoding="utf-8")
    (tmp_path / "d.toml").write_text(CURL, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_directory([tmp_path])
    assert [error.split(":")[0] for error in caught.value.errors] == ["a.toml", "b.toml", "d.toml"]
    assert "taken" in caught.value.errors[2]


def test_a_further_folder_adds_an_exercise(tmp_path):
    (tmp_path / "wave.toml").write_text(CURL, encoding="utf-8")
    assert set(load_catalogue([tmp_path])) == {*load_catalogue(), "wrist-wave"}


# --- the published schema ---------------------------------------------------------------------------------------------


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schema_accepts_every_exercise(path):
    import tomllib

    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    "change",
    [("[dose]\n", "[dose]\nfrequency = 3\n"), ('purpose = "For tests."\n', ""), ("schema = 1", "schema = 2")],
)
def test_the_schema_rejects_what_the_program_rejects(change):
    import tomllib

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(changed(change)), json_schema())


# --- the files that come with the program -----------------------------------------------------------------------------


def test_the_four_band_exercises_are_there():
    assert {"band-pull-apart", "external-rotation", "lat-pulldown", "band-row"} <= set(load_catalogue())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_after_its_exercise(path):
    assert load_exercise(path).id == path.stem


@pytest.mark.parametrize("exercise", load_catalogue().values(), ids=lambda e: e.id)
def test_every_cue_is_short_and_says_what_to_do(exercise):
    for check in exercise.check:
        assert check.say.endswith(".")
        assert len(check.say.split()) <= 8, "a cue is said within a second or two"
        assert "!" not in check.say + check.show + check.why + check.praise
        assert check.show
        assert check.why
        assert not re.search(r"\b(wrong|bad|don't|never)\b", check.say, re.IGNORECASE)


def test_no_exercise_is_named_outside_the_data():
    """Adding one is a file alone: neither the core nor the page knows any of them."""
    names = [word for e in load_catalogue().values() for word in (e.id, e.id.replace("-", "_"), e.name)]
    rooms = [*SOURCE.glob("core/*.py"), SOURCE / "session.py", SOURCE / "analysis.py"]
    rooms += [p for p in (SOURCE / "web").rglob("*") if p.suffix in {".py", ".js", ".html", ".css", ".json"}]
    assert len(rooms) > 20
    found = [
        f"{path.relative_to(SOURCE)} names {name}"
        for path in rooms
        for name in names
        if name.lower() in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []


def test_every_feature_that_a_file_names_is_known():
    for exercise in load_catalogue().values():
        named = {exercise.signal.feature, *(c.feature for c in exercise.check if c.feature)}
        assert named <= set(FEATURES)
