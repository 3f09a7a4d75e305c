"""The athlete as a mesh: a posed body in its colours, with what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unslouch_athlete.clothes import Material
from unslouch_athlete.meshes import Kind, Mesh, tube

if TYPE_CHECKING:
    from unslouch.core.motion import Hands
    from unslouch_athlete.body import Body, Posed
    from unslouch_athlete.shapes import Look
    from unslouch_athlete.surface import FloatArray

BAND_COLOUR = np.array([0.80, 0.30, 0.16])
BAND_HALF_WIDTH_M, BAND_HALF_THICKNESS_M = 0.013, 0.004
SOLE_BELOW_ANKLE_M = 0.075


def colours(body: Body, look: Look, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Colour every vertex: (n, 3) sRGB 0 to 1, and (n,) the kind of its surface."""
    rng = np.random.default_rng(seed)
    skin = np.array(look.skin, dtype=np.float64)
    palette = {
        Material.SKIN: skin,
        Material.LIPS: skin * [0.84, 0.62, 0.60],
        Material.BROW: 0.75 * np.array(look.hair) + 0.25 * skin,
        Material.HAIR: np.array(look.hair),
        Material.SHIRT: np.array(look.shirt),
        Material.TROUSERS: np.array(look.trousers),
        Material.SHOE: np.array(look.shoes),
        Material.EYE_WHITE: np.array([230, 226, 220]),
        Material.IRIS: np.array(look.iris),
        Material.PUPIL: np.array([14, 12, 12]),
    }
    kinds = {
        Material.SKIN: Kind.SKIN,
        Material.LIPS: Kind.SKIN,
        Material.HAIR: Kind.FABRIC,
        Material.SHIRT: Kind.FABRIC,
        Material.TROUSERS: Kind.FABRIC,
    }
    paint = np.array([palette[m] for m in Material])[body.material] / 255.0
    grain = np.where(body.material == Material.HAIR, 0.12, 0.015)
    paint = paint * (1.0 + grain * rng.standard_normal(len(paint)))[:, None]
    kind = np.array([float(kinds.get(m, Kind.PLAIN)) for m in Material])[body.material]
    return np.clip(paint, 0.0, 1.0), kind


def as_mesh(body: Body, posed: Posed, paint: FloatArray, kind: FloatArray) -> Mesh:
    """Dress a posed body in its colours."""
    return Mesh(posed.vertices_m, posed.normals, paint, kind, body.faces)


def band(posed: Posed, hands: Hands) -> list[Mesh]:
    """Stretch the band that the exercise uses between the hands and where else it goes."""
    if hands == "band_between_hands":
        return [_tube(_between_hands(posed))]
    if hands in {"band_round_feet", "band_under_feet"}:
        return [_tube(_to_feet(posed, round_soles=hands == "band_round_feet"))]
    return []


def _tube(path: FloatArray) -> Mesh:
    return tube(path, BAND_HALF_WIDTH_M, BAND_HALF_THICKNESS_M, BAND_COLOUR)


def _between_hands(posed: Posed) -> FloatArray:
    left, right = posed.grips_m["left"], posed.grips_m["right"]
    if np.linalg.norm(left[0] - right.mean(0)) < np.linalg.norm(left[-1] - right.mean(0)):
        left = left[::-1]
    if np.linalg.norm(right[-1] - left.mean(0)) < np.linalg.norm(right[0] - left.mean(0)):
        right = right[::-1]
    span = np.linspace(left[-1], right[0], 22)
    return np.concatenate([left, _in_front_of_chest(posed, span[1:-1]), right])


def _in_front_of_chest(posed: Posed, span: FloatArray) -> FloatArray:
    """Push the part of the band that would cut through the trunk out to its surface."""
    chest, pelvis = posed.joints_m["chest"], posed.joints_m["pelvis"]
    shoulders = posed.joints_m["left_shoulder"] - posed.joints_m["right_shoulder"]
    half_width = 0.5 * float(np.linalg.norm(shoulders))
    side = shoulders / np.linalg.norm(shoulders)
    up = (chest - pelvis) / np.linalg.norm(chest - pelvis)
    forward = np.cross(side, up)
    local = span - chest
    across = np.clip(np.abs(local @ side) / half_width, 0.0, 1.0)
    depth = CHEST_DEPTH_M * np.sqrt(1.0 - across**2)
    missing = np.maximum(0.0, depth - local @ forward)
    at_trunk = np.abs(local @ up) < 0.25
    return np.asarray(span + np.where(at_trunk & (across < 1.0), missing, 0.0)[:, None] * forward)


CHEST_DEPTH_M = 0.165


def _to_feet(posed: Posed, *, round_soles: bool) -> FloatArray:
    def sole(name: str) -> FloatArray:
        heel, toes = posed.joints_m[f"{name}_heel"], posed.joints_m[f"{name}_foot_index"]
        arch = 0.45 * heel + 0.55 * toes
        away = arch - posed.joints_m[f"{name}_ankle"]
        along = (toes - heel) / np.linalg.norm(toes - heel)
        away -= along * (away @ along)
        away /= np.linalg.norm(away)
        return np.asarray(arch + (0.02 if round_soles else -0.005) * away)

    left, right = posed.grips_m["left"], posed.grips_m["right"]
    feet = [sole("left"), sole("right")]
    if np.linalg.norm(left[0] - feet[0]) < np.linalg.norm(left[-1] - feet[0]):
        left = left[::-1]
    if np.linalg.norm(right[-1] - feet[1]) < np.linalg.norm(right[0] - feet[1]):
        right = right[::-1]
    return np.concatenate(
        [
            left[:-1],
            np.linspace(left[-1], feet[0], 10),
            np.linspace(feet[0], feet[1], 6)[1:-1],
            np.linspace(feet[1], right[0], 10),
            right[1:],
        ]
    )
