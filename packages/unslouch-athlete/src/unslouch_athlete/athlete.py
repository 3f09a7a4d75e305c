"""The athlete as a mesh: a posed body in its colours, with what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unslouch.testing.anatomy import unit
from unslouch_athlete.clothes import Material
from unslouch_athlete.meshes import Kind, Mesh, tube

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unslouch.core.motion import Hands
    from unslouch_athlete.body import Body, Posed
    from unslouch_athlete.shapes import Look
    from unslouch_athlete.surface import FloatArray

BAND_COLOUR = np.array([0.80, 0.30, 0.16])
DUMBBELL_COLOUR = np.array([0.24, 0.26, 0.30])
DUMBBELL_M = (
    *((-0.086, 0.001), (-0.085, 0.028), (-0.056, 0.028), (-0.054, 0.013)),
    *((0.054, 0.013), (0.056, 0.028), (0.085, 0.028), (0.086, 0.001)),
)
"""Outline of a light dumbbell: place along its axis and radius."""
BAND_HALF_WIDTH_M, BAND_HALF_THICKNESS_M = 0.013, 0.004


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


def held(body: Body, posed: Posed, hands: Hands) -> list[Mesh]:
    """Put into the hands what the exercise uses: a band, stretched to where it goes, or dumbbells."""
    if hands == "band_between_hands":
        return [_tube(_between_hands(body, posed))]
    if hands in {"band_round_feet", "band_under_feet"}:
        return [_tube(_to_feet(posed, round_soles=hands == "band_round_feet"))]
    if hands == "dumbbells":
        return [_dumbbell(grip) for grip in posed.grips_m.values()]
    return []


def _dumbbell(grip: FloatArray) -> Mesh:
    along = unit(grip[-1] - grip[0])
    path = grip[1] + np.outer([place for place, _ in DUMBBELL_M], along)
    radius = np.array([radius for _, radius in DUMBBELL_M])
    return tube(path, radius, radius, DUMBBELL_COLOUR, Kind.PLAIN)


def _tube(path: FloatArray) -> Mesh:
    return tube(path, BAND_HALF_WIDTH_M, BAND_HALF_THICKNESS_M, BAND_COLOUR)


def _facing(grip: FloatArray, other: FloatArray) -> FloatArray:
    """Turn the line through a hand so that it leaves the hand on the side of `other`."""
    towards_end = np.linalg.norm(grip[-1] - other) < np.linalg.norm(grip[0] - other)
    return grip if towards_end else grip[::-1]


def _between_hands(body: Body, posed: Posed) -> FloatArray:
    left, right = posed.grips_m["left"], posed.grips_m["right"]
    left, right = _facing(left, right[1]), _facing(right, left[1])[::-1]
    return np.concatenate([left[:-1], _round_the_trunk(body, posed, left[-1], right[0]), right[1:]])


def _round_the_trunk(body: Body, posed: Posed, start: FloatArray, end: FloatArray) -> FloatArray:
    """Lead a taut band from one point to another, in front of the trunk where it would cut through it."""
    n_points = 25
    along = unit(end - start)
    hips = (posed.joints_m["left_hip"] + posed.joints_m["right_hip"]) / 2
    sideways = unit(posed.joints_m["left_hip"] - posed.joints_m["right_hip"])
    outwards = np.cross(sideways, unit(posed.joints_m["chest"] - hips))
    outwards = unit(outwards - along * (outwards @ along))
    across = np.cross(along, outwards)
    trunk = posed.vertices_m[_trunk_vertices(body)] - start
    length = float(np.linalg.norm(end - start))
    place = np.linspace(0.0, length, n_points)
    height = np.zeros(n_points)
    for i in range(1, n_points - 1):
        near = (np.abs(trunk @ along - place[i]) < 0.03) & (np.abs(trunk @ across) < BAND_HALF_WIDTH_M + 0.012)
        surface = (trunk[near] @ outwards).max(initial=-1.0)
        height[i] = max(0.0, surface + 0.007) if surface < MOST_OUT_OF_LINE_M else 0.0
    return np.asarray(start + np.outer(place, along) + np.outer(_taut(place, height), outwards))


MOST_OUT_OF_LINE_M = 0.25
"""A trunk further out than this is beside the band, not in its way."""


def _taut(place: FloatArray, height: FloatArray) -> FloatArray:
    """Upper convex hull: a stretched band does not follow hollows."""
    corners: list[int] = []
    for i in range(len(place)):
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            slope = (height[i] - height[a]) / (place[i] - place[a])
            if height[b] > height[a] + slope * (place[b] - place[a]):
                break
            corners.pop()
        corners.append(i)
    return np.asarray(np.interp(place, place[corners], height[corners]))


def _trunk_vertices(body: Body) -> NDArray[np.bool_]:
    return np.asarray((body.material == Material.SHIRT) & ~body.on_arm)


def _to_feet(posed: Posed, *, round_soles: bool) -> FloatArray:
    feet = [_arch(posed, name, 0.02 if round_soles else -0.005) for name in ("left", "right")]
    left = _facing(posed.grips_m["left"], feet[0])
    right = _facing(posed.grips_m["right"], feet[1])[::-1]
    return np.concatenate(
        [
            left[:-1],
            np.linspace(left[-1], feet[0], 10),
            np.linspace(feet[0], feet[1], 6)[1:-1],
            np.linspace(feet[1], right[0], 10),
            right[1:],
        ]
    )


def _arch(posed: Posed, name: str, below_m: float) -> FloatArray:
    """Point under the middle of a foot, `below_m` off its sole."""
    heel, toes = posed.joints_m[f"{name}_heel"], posed.joints_m[f"{name}_foot_index"]
    arch = 0.45 * heel + 0.55 * toes
    along = unit(toes - heel)
    down = arch - posed.joints_m[f"{name}_ankle"]
    return np.asarray(arch + below_m * unit(down - along * (down @ along)))
