"""Make the athlete's bodies: one shared topology, and one small file for each body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unslouch_athlete.clothes import dress
from unslouch_athlete.makehuman import BODY_VERTICES, EYES, MakeHuman, Rig
from unslouch_athlete.shapes import SHAPES

if TYPE_CHECKING:
    from pathlib import Path

    from unslouch_athlete.surface import FloatArray, Surface

N_WEIGHTS = 4
Marks = dict[str, tuple[str, tuple[int, ...]]]


def bake(wheel: Path, out: Path) -> list[Path]:
    """Write the shared topology and every body of `SHAPES` to a directory; return what was written."""
    source = MakeHuman(wheel)
    rig = source.rig()
    bodies = {name: source.shaped(shape) for name, shape in SHAPES.items()}
    average = np.asarray(np.mean([*bodies.values()], axis=0))
    outfit = dress(source, average, rig)
    marks = landmarks(source, average, rig)
    out.mkdir(parents=True, exist_ok=True)
    written = [out / "topology.npz"]
    weights = np.asarray(outfit.mix @ rig.weights)
    strongest = np.argsort(-weights, axis=1)[:, :N_WEIGHTS]
    shares = np.take_along_axis(weights, strongest, axis=1)
    np.savez_compressed(
        written[0],
        faces=outfit.faces.astype(np.uint16),
        material=outfit.material.astype(np.uint8),
        bones=np.array(rig.names),
        parents=np.array(rig.parents, np.int8),
        weight_bones=strongest.astype(np.uint8),
        weights=np.rint(255 * shares / shares.sum(1, keepdims=True)).astype(np.uint8),
        landmark_names=np.array([*marks]),
        landmark_bones=np.array([rig.names.index(bone) for bone, _ in marks.values()], np.uint8),
    )
    for name, base in bodies.items():
        written.append(out / f"{name}.npz")
        _save_body(written[-1], outfit, base, rig, marks)
    return written


def _save_body(path: Path, outfit: Surface, base: FloatArray, rig: Rig, marks: Marks) -> None:
    points = outfit.at(base)
    low, high = points.min(0), points.max(0)
    np.savez_compressed(
        path,
        low_m=low.astype(np.float32),
        high_m=high.astype(np.float32),
        vertices=np.rint((points - low) / (high - low) * 65535).astype(np.uint16),
        bone_heads_m=np.array([base[list(v)].mean(0) for v in rig.head_vertices], np.float32),
        landmarks_m=np.array([base[list(v)].mean(0) for _, v in marks.values()], np.float32),
    )


def landmarks(source: MakeHuman, average: FloatArray, rig: Rig) -> Marks:
    """Choose the vertices that stand for keypoints on the surface: name to (bone that carries it, vertices)."""
    body = average[:BODY_VERTICES]
    skull = average[list(rig.head_vertices[rig.names.index("head")])].mean(0)
    head = body[:, 2] > skull[2] - 0.02
    ears, lips = source.texture("mpfb_ears.jpg")[:BODY_VERTICES], source.texture("mpfb_lips.jpg")[:BODY_VERTICES]
    nose = int(np.argmin(np.where(head & (np.abs(body[:, 0]) < 0.01), body[:, 1], np.inf)))
    marks: Marks = {"nose": ("head", (nose,))}
    for name, sign, s, (first, last) in (("left", 1.0, "L", EYES[0]), ("right", -1.0, "R", EYES[1])):
        eye = tuple(range(first, last))
        x = sign * average[first:last, 0]
        marks[f"{name}_eye"] = ("head", eye)
        marks[f"{name}_eye_inner"] = ("head", (first + int(np.argmin(x)),))
        marks[f"{name}_eye_outer"] = ("head", (first + int(np.argmax(x)),))
        ear = np.flatnonzero((ears > 0.35) & head & (sign * body[:, 0] > 0.04))
        marks[f"{name}_ear"] = ("head", tuple(int(i) for i in ear))
        mouth = np.where((lips > 0.4) & head, sign * body[:, 0], -np.inf)
        marks[f"mouth_{name}"] = ("head", (int(np.argmax(mouth)),))
        foot = (body[:, 2] < body[:, 2].min() + 0.06) & (sign * body[:, 0] > 0)
        marks[f"{name}_heel"] = (f"foot.{s}", (int(np.argmax(np.where(foot, body[:, 1], -np.inf))),))
        marks[f"{name}_foot_index"] = (f"foot.{s}", (int(np.argmin(np.where(foot, body[:, 1], np.inf))),))
    return marks
