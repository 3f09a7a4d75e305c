"""Build hook: brings the pose networks into the wheel, each step pinned by its SHA-256.

The networks come out of one published wheel, which pip downloads from whatever index it is set up with. Of the landmark
network the segmentation head is cut off: no one reads its output, and it costs a third of the time.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WHEEL = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
DETECTOR_SHA256 = "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c"
LANDMARKER = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
LANDMARKER_SHA256 = "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f"
LANDMARKER_NOMASK_SHA256 = "3603a4a89ef5a56f013dfef494a263f9f3bc509c425415401228e4d7511a0661"
LICENCE = "mediapipe-0.10.21.dist-info/LICENSE"

MASK_SIZE = 256 * 256
"""Number of elements of the landmark network's segmentation output; no other output has as many."""


class ModelError(Exception):
    """The networks could not be brought in; the message is a sentence for the person who builds."""


class PoseModelBuildHook(BuildHookInterface[Any]):
    """Adds the networks to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Download, check, cut, and hand the files to the wheel."""
        self._folder = tempfile.TemporaryDirectory(prefix="unslouch-pose-model-")
        try:
            files = collect_files(Path(self._folder.name))
        except ModelError as error:
            self._folder.cleanup()
            self.app.abort(f"unslouch-pose-model: {error}")
        for file in files:
            build_data["force_include"][str(file)] = f"unslouch_pose_model/weights/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary files."""
        self._folder.cleanup()


def collect_files(folder: Path) -> list[Path]:
    """Write the two networks and their licence into `folder`."""
    wheel = download_wheel(folder)
    with zipfile.ZipFile(wheel) as archive:
        detector = archive.read(DETECTOR)
        landmarker = archive.read(LANDMARKER)
        licence = archive.read(LICENCE)
    check_sha256("the detector network", detector, DETECTOR_SHA256)
    check_sha256("the landmark network", landmarker, LANDMARKER_SHA256)
    cut = drop_output(landmarker, MASK_SIZE)
    check_sha256("the landmark network without its segmentation head", cut, LANDMARKER_NOMASK_SHA256)
    contents = {
        "pose_detection.tflite": detector,
        "pose_landmark_full_nomask.tflite": cut,
        "LICENSE.mediapipe": licence,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def download_wheel(folder: Path) -> Path:
    """Let pip fetch the one wheel, the same on every system, and check it before anything is taken out."""
    name, version, python, abi, platform = WHEEL.removesuffix(".whl").split("-")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--retries", "2"]
    command += ["--only-binary=:all:", "--platform", platform, "--implementation", "cp", "--abi", abi]
    command += ["--python-version", f"{python[2]}.{python[3:]}", "--dest", str(folder), f"{name}=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheel = folder / WHEEL
    if done.returncode != 0 or not wheel.exists():
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        reason = reasons[-1].removeprefix("ERROR: ").rstrip(".") if reasons else "pip gave no reason"
        raise ModelError(
            f"the pose networks come out of the package {name} {version}, which pip could not download ({reason}); "
            "connect to the network, or give pip an index that has it, and build again."
        )
    check_sha256(f"the downloaded package {name} {version}", wheel.read_bytes(), WHEEL_SHA256)
    return wheel


def check_sha256(what: str, content: bytes, wanted: str) -> None:
    """Refuse `content` unless it is exactly what was pinned."""
    actual = hashlib.sha256(content).hexdigest()
    if actual != wanted:
        raise ModelError(
            f"{what} is not the pinned one (SHA-256 {actual}, wanted {wanted}), so nothing was built; "
            "it was changed on its way here or on the index."
        )


class _Table:
    """A table of a FlatBuffer, read and shortened in place.

    Notes
    -----
    Source: FlatBuffers internals. All numbers are little-endian; an offset field holds the distance from itself to what
    it points at; a table starts with the distance back to its vtable, whose first two entries are sizes.
    """

    def __init__(self, data: bytearray, at: int) -> None:
        self.data = data
        self.at = at

    def read(self, kind: str, at: int) -> int:
        value: int = struct.unpack_from("<" + kind, self.data, at)[0]
        return value

    def field_at(self, index: int) -> int | None:
        """Return the position of field number `index`; None if absent."""
        vtable = self.at - self.read("i", self.at)
        entry = 4 + 2 * index
        offset = self.read("H", vtable + entry) if entry < self.read("H", vtable) else 0
        return self.at + offset if offset else None

    def vector_at(self, index: int) -> int | None:
        """Return the position of a vector's length; its elements follow, 4 bytes each."""
        field = self.field_at(index)
        return None if field is None else field + self.read("I", field)

    def ints(self, index: int) -> list[int]:
        """Read a vector of 32-bit numbers."""
        vector = self.vector_at(index)
        if vector is None:
            return []
        return list(struct.unpack_from(f"<{self.read('I', vector)}i", self.data, vector + 4))

    def tables(self, index: int) -> list[_Table]:
        """Read a vector of tables."""
        vector = self.vector_at(index)
        if vector is None:
            return []
        slots = [vector + 4 + 4 * i for i in range(self.read("I", vector))]
        return [_Table(self.data, slot + self.read("I", slot)) for slot in slots]

    def write_ints(self, index: int, values: list[int]) -> None:
        """Shorten a vector of 32-bit numbers to `values`; what is left over becomes zero."""
        vector = self.vector_at(index)
        if vector is None:
            return
        spare = self.read("I", vector) - len(values)
        struct.pack_into(f"<I{len(values)}i{spare}i", self.data, vector, len(values), *values, *[0] * spare)

    def write_tables(self, index: int, tables: list[_Table]) -> None:
        """Shorten a vector of tables to some of those it holds."""
        vector = self.vector_at(index)
        if vector is not None:
            self.write_ints(index, [table.at - (vector + 4 + 4 * i) for i, table in enumerate(tables)])


# Field numbers of the TFLite schema.
_MODEL_SUBGRAPHS, _MODEL_SIGNATURES = 2, 7
_GRAPH_TENSORS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 2, 3
_TENSOR_SHAPE = 0
_OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 1, 2


def drop_output(model: bytes, size: int) -> bytes:
    """Drop the output with `size` elements from a TFLite model, and the operators only it needs.

    The lists of outputs and operators are shortened in place; everything else keeps its position, so the same input
    gives the same bytes everywhere and no library is needed.
    """
    data = bytearray(model)
    root = _Table(data, struct.unpack_from("<I", data, 0)[0])
    (graph,) = root.tables(_MODEL_SUBGRAPHS)
    tensors = graph.tables(_GRAPH_TENSORS)
    outputs = graph.ints(_GRAPH_OUTPUTS)
    kept_outputs = [tensor for tensor in outputs if _count_elements(tensors[tensor]) != size]
    if len(kept_outputs) != len(outputs) - 1:
        raise ModelError(f"the landmark network has no single output of {size} numbers to drop.")

    needed = set(kept_outputs)
    kept_operators: list[_Table] = []
    for operator in reversed(graph.tables(_GRAPH_OPERATORS)):
        if needed.intersection(operator.ints(_OPERATOR_OUTPUTS)):
            kept_operators.insert(0, operator)
            needed.update(operator.ints(_OPERATOR_INPUTS))
    graph.write_ints(_GRAPH_OUTPUTS, kept_outputs)
    graph.write_tables(_GRAPH_OPERATORS, kept_operators)
    root.write_tables(_MODEL_SIGNATURES, [])
    return bytes(data)


def _count_elements(tensor: _Table) -> int:
    count = 1
    for length in tensor.ints(_TENSOR_SHAPE):
        count *= length
    return count
