"""The package of pose networks: what it installs, how it is built, and what it says when it cannot be."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
import unslouch_pose_model
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

PACKAGE = Path(__file__).resolve().parents[2] / "packages" / "unslouch-pose-model"
BUILD = [sys.executable, "-m", "build", "--no-isolation"]
PIP_WHEEL = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir"]


def load_hook():
    spec = importlib.util.spec_from_file_location("pose_model_hatch_build", PACKAGE / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()


# --- what is installed ------------------------------------------------------------------------------------------------


def test_the_installed_networks_are_the_pinned_ones():
    for path, wanted in (
        (unslouch_pose_model.detector_path(), hook.DETECTOR_SHA256),
        (unslouch_pose_model.landmarker_path(), hook.LANDMARKER_NOMASK_SHA256),
    ):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == wanted


def test_the_licence_of_the_networks_lies_beside_them():
    licence = unslouch_pose_model.detector_path().with_name("LICENSE.mediapipe").read_text(encoding="utf-8")
    assert "Apache License" in licence


def test_the_installed_landmark_network_runs_and_has_no_mask():
    interpreter = Interpreter(model_path=str(unslouch_pose_model.landmarker_path()), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.full((1, 256, 256, 3), 0.5, np.float32))
    interpreter.invoke()
    outputs = {int(np.prod(d["shape"])): interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()}
    assert sorted(outputs) == [1, 39 * 3, 39 * 5, 64 * 64 * 39]
    assert all(np.isfinite(values).all() for values in outputs.values())


# --- cutting a network ------------------------------------------------------------------------------------------------


def make_network(*, mask_size=hook.MASK_SIZE):
    """Make a network with a trunk (x + x) and two heads on it: a sum (the landmarks) and a product (the mask)."""
    model = schema.ModelT()
    model.version = 3
    model.buffers = [schema.BufferT()]
    model.operatorCodes = []
    for builtin in (schema.BuiltinOperator.ADD, schema.BuiltinOperator.MUL):
        code = schema.OperatorCodeT()
        code.builtinCode, code.deprecatedBuiltinCode, code.version = builtin, builtin, 1
        model.operatorCodes.append(code)
    graph = schema.SubGraphT()
    graph.tensors = []
    for size in (4, 4, 4, mask_size):
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = [1, size], schema.TensorType.FLOAT32, 0
        tensor.name = f"t{len(graph.tensors)}"
        graph.tensors.append(tensor)
    graph.operators = [make_operator(0, [0, 0], [1]), make_operator(1, [1, 1], [3]), make_operator(0, [1, 1], [2])]
    graph.inputs, graph.outputs = [0], [3, 2]
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def make_operator(code, inputs, outputs):
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = code, inputs, outputs
    is_sum = code == 0
    operator.builtinOptionsType = schema.BuiltinOptions.AddOptions if is_sum else schema.BuiltinOptions.MulOptions
    operator.builtinOptions = schema.AddOptionsT() if is_sum else schema.MulOptionsT()
    return operator


def test_only_the_mask_and_what_it_alone_needs_is_cut():
    cut = hook.drop_output(make_network(), hook.MASK_SIZE)
    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAs(cut, 0)).subgraphs[0]
    assert list(graph.outputs) == [2]
    assert [list(operator.outputs) for operator in graph.operators] == [[1], [2]]

    interpreter = Interpreter(model_content=cut)
    interpreter.allocate_tensors()
    interpreter.set_tensor(0, np.array([[1, 2, 3, 4]], np.float32))
    interpreter.invoke()
    (output,) = interpreter.get_output_details()
    np.testing.assert_array_equal(interpreter.get_tensor(output["index"]), [[4, 8, 12, 16]])


def test_a_network_without_a_mask_is_refused():
    with pytest.raises(hook.ModelError, match=r"no single output of 65536 numbers"):
        hook.drop_output(make_network(mask_size=5), hook.MASK_SIZE)


# --- building ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(tmp_path):
    """Make a folder with a small stand-in for the published package, under its very name; return its contents too."""
    contents = {hook.DETECTOR: b"a detector", hook.LANDMARKER: make_network(), hook.LICENCE: b"Apache License"}
    folder = tmp_path / "published"
    folder.mkdir()
    with zipfile.ZipFile(folder / hook.WHEEL, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        about = hook.LICENCE.rpartition("/")[0]
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: cp311-cp311-manylinux_2_28_x86_64\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return folder


@pytest.fixture
def project(tmp_path):
    """Copy the package's sources, to be changed."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", "dist")))


def pin(project, **hashes):
    """Write other pinned hashes into a copy of the build hook."""
    file = project / "hatch_build.py"
    text = file.read_text(encoding="utf-8")
    for name, value in hashes.items():
        text, changed = re.subn(rf'^{name} = "[0-9a-f]+"$', f'{name} = "{value}"', text, flags=re.MULTILINE)
        assert changed == 1, name
    file.write_text(text, encoding="utf-8")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def pin_published(project, published, **others):
    network = make_network()
    hashes = {
        "WHEEL_SHA256": sha256((published / hook.WHEEL).read_bytes()),
        "DETECTOR_SHA256": sha256(b"a detector"),
        "LANDMARKER_SHA256": sha256(network),
        "LANDMARKER_NOMASK_SHA256": sha256(hook.drop_output(network, hook.MASK_SIZE)),
    }
    pin(project, **{**hashes, **others})


def build(command, published=None):
    """Run a build that can reach no index, only a folder."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    settings |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if published is not None:
        settings["PIP_FIND_LINKS"] = str(published)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=settings)


def test_the_wheel_is_built_from_the_source_archive(project, published, tmp_path):
    pin_published(project, published)
    done = build([*BUILD, "--outdir", str(tmp_path / "out"), str(project)], published)
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = (tmp_path / "out").glob("*.tar.gz")
    with tarfile.open(archive) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {"hatch_build.py", "LICENSE", "NOTICE", "src/unslouch_pose_model/__init__.py"} <= names
    assert not any(name.endswith(".tflite") for name in names)

    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as built:
        assert built.read("unslouch_pose_model/weights/pose_detection.tflite") == b"a detector"
        cut = built.read("unslouch_pose_model/weights/pose_landmark_full_nomask.tflite")
        licences = [name for name in built.namelist() if "/licenses/" in name]
    assert cut == hook.drop_output(make_network(), hook.MASK_SIZE)
    assert {name.rpartition("/")[2] for name in licences} == {"LICENSE", "NOTICE"}


@pytest.mark.parametrize("tool", ["build", "pip"])
def test_without_a_network_the_build_ends_in_one_sentence(project, tmp_path, tool):
    out = str(tmp_path / "out")
    command = [*BUILD, "--wheel", "--outdir", out, str(project)] if tool == "build" else [*PIP_WHEEL, out, str(project)]
    done = build(command)
    assert_one_sentence(
        done, r"the pose networks come out of the package mediapipe 0\.10\.21, which pip could not download"
    )
    assert list((tmp_path / "out").glob("*.whl")) == []


@pytest.mark.parametrize(
    ("pinned", "what"),
    [
        ("WHEEL_SHA256", "the downloaded package mediapipe 0.10.21"),
        ("DETECTOR_SHA256", "the detector network"),
        ("LANDMARKER_SHA256", "the landmark network"),
        ("LANDMARKER_NOMASK_SHA256", "the landmark network without its segmentation head"),
    ],
)
def test_a_wrong_hash_ends_the_build_in_one_sentence(project, published, tmp_path, pinned, what):
    pin_published(project, published, **{pinned: "0" * 64})
    done = build([*BUILD, "--wheel", "--outdir", str(tmp_path / "out"), str(project)], published)
    assert_one_sentence(done, rf"{re.escape(what)} is not the pinned one \(SHA-256 [0-9a-f]{{64}}, wanted 0{{64}}\)")
    assert list((tmp_path / "out").glob("*.whl")) == []


def assert_one_sentence(done, pattern):
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in said
    own = [line.strip() for line in said.splitlines() if line.strip().startswith("unslouch-pose-model: ")]
    assert len(own) == 1, said
    assert re.search(pattern, own[0]), own[0]
