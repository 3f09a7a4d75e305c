"""Things around the athlete as triangles: room, furniture, band, dumbbells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unslouch_athlete.surface import FloatArray, IntArray


class Kind(IntEnum):
    """How the shader treats a surface."""

    WALL = 0
    FLOOR = 1
    SKIN = 2
    FABRIC = 3
    RUBBER = 4
    PLAIN = 5


@dataclass(frozen=True)
class Mesh:
    """Triangles with a colour and a kind for each vertex; colours are sRGB, 0 to 1."""

    points_m: FloatArray
    normals: FloatArray
    colours: FloatArray
    kinds: FloatArray
    faces: IntArray


def joined_meshes(meshes: Sequence[Mesh]) -> Mesh:
    """Put meshes into one."""
    starts = np.cumsum([0, *(len(m.points_m) for m in meshes)])
    return Mesh(
        np.concatenate([m.points_m for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.colours for m in meshes]),
        np.concatenate([m.kinds for m in meshes]),
        np.concatenate([m.faces + start for m, start in zip(meshes, starts[:-1], strict=True)]),
    )


def quad(corners: FloatArray, colour: FloatArray, kind: Kind) -> Mesh:
    """Make one flat rectangle; its normal follows from the order of the corners (counter-clockwise in front)."""
    normal = np.cross(corners[1] - corners[0], corners[3] - corners[0])
    normal = normal / np.linalg.norm(normal)
    return Mesh(
        corners,
        np.tile(normal, (4, 1)),
        np.tile(colour, (4, 1)),
        np.full(4, float(kind)),
        np.array([[0, 1, 2], [0, 2, 3]]),
    )


def box(low: FloatArray, high: FloatArray, colour: FloatArray, *, inside: bool = False) -> Mesh:
    """Make a box; seen from inside it is a room, with a floor."""
    sides = []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for end in (low, high):
            corners = np.zeros((4, 3))
            corners[:, axis] = end[axis]
            corners[:, a] = [low[a], high[a], high[a], low[a]]
            corners[:, b] = [low[b], low[b], high[b], high[b]]
            outwards = end is high
            if outwards == inside:
                corners = corners[::-1]
            floor = inside and axis == 2 and end is low
            kind = Kind.FLOOR if floor else Kind.WALL
            ceiling = inside and axis == 2 and not floor
            sides.append(quad(corners, _FLOOR if floor else _CEILING if ceiling else colour, kind))
    return joined_meshes(sides)


_CEILING = np.array([1.0, 1.0, 1.0])
_FLOOR = np.array([0.58, 0.44, 0.31])


def tube(
    path_m: FloatArray,
    half_width_m: FloatArray | float,
    half_thickness_m: FloatArray | float,
    colour: FloatArray,
    kind: Kind = Kind.RUBBER,
) -> Mesh:
    """Make a tube along a path, flat or round, of one width or with a width at every point."""
    width = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), len(path_m))[:, None, None]
    thickness = np.broadcast_to(np.asarray(half_thickness_m, dtype=np.float64), len(path_m))[:, None, None]
    n_round = 10
    along = np.gradient(path_m, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    up = np.where(np.abs(along[:, 2:]) > 0.9, [[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]])
    thin = np.cross(along, up)
    thin /= np.maximum(np.linalg.norm(thin, axis=1, keepdims=True), 1e-9)
    wide = np.cross(thin, along)
    angle = np.arange(n_round) * 2 * np.pi / n_round
    cos, sin = np.cos(angle)[None, :, None], np.sin(angle)[None, :, None]
    normals = thin[:, None] * cos + wide[:, None] * sin
    points = path_m[:, None] + thickness * thin[:, None] * cos + width * wide[:, None] * sin
    ring, step = np.meshgrid(np.arange(len(path_m) - 1), np.arange(n_round), indexing="ij")
    here, after = ring * n_round + step, ring * n_round + (step + 1) % n_round
    faces = np.concatenate(
        [
            np.stack([here, here + n_round, after], axis=-1).reshape(-1, 3),
            np.stack([after, here + n_round, after + n_round], axis=-1).reshape(-1, 3),
        ]
    )
    n = points.shape[0] * n_round
    return Mesh(
        points.reshape(n, 3),
        normals.reshape(n, 3),
        np.tile(colour, (n, 1)),
        np.full(n, float(kind)),
        faces,
    )


def room(seed: int) -> Mesh:
    """Furnish a room; another seed gives another one."""
    rng = np.random.default_rng(seed)
    wall = rng.uniform(0.68, 0.88) * (1.0 + rng.uniform(-1.0, 1.0) * np.array([0.04, 0.01, -0.05]))
    half, back = rng.uniform(3.2, 4.0), rng.uniform(1.6, 2.4)

    def colour(low: float, high: float) -> FloatArray:
        return np.asarray(rng.uniform(low, high) * (1.0 + rng.uniform(-0.12, 0.12, 3)))

    def thing(low: Sequence[float], high: Sequence[float], paint: FloatArray) -> Mesh:
        return box(np.array(low), np.array(high), paint)

    picture_x, door_x = rng.uniform(-1.9, -0.8), rng.uniform(1.2, half - 1.2)
    things = [
        box(np.array([-half, -5.0, 0.0]), np.array([half, back, 2.7]), wall, inside=True),
        thing((-half, back - 0.02, 0.0), (half, back, 0.09), np.array([0.88, 0.87, 0.84])),
        thing((door_x, back - 0.04, 0.0), (door_x + 0.86, back, 2.03), np.array([0.62, 0.47, 0.34])),
        thing((picture_x, back - 0.03, 1.25), (picture_x + 0.7, back, 1.75), colour(0.25, 0.75)),
        thing((-half + 0.05, -1.4, 0.0), (-half + 0.6, 0.7, 0.78), colour(0.3, 0.65)),
        thing((half - 0.04, -1.7, 0.85), (half, -0.2, 2.05), np.array([0.90, 0.94, 0.98])),
        thing((-2.3, back - 0.5, 0.0), (-1.1, back - 0.06, 0.46), colour(0.25, 0.6)),
    ]
    return joined_meshes(things)


def stool(height_m: float, behind_m: float) -> Mesh:
    """Make the stool for somebody who sits behind the mark."""
    wood = np.array([0.46, 0.36, 0.27])

    def part(low: tuple[float, float, float], high: tuple[float, float, float]) -> Mesh:
        behind = np.array([0.0, behind_m, 0.0])
        return box(np.array(low) + behind, np.array(high) + behind, wood)

    top = height_m - 0.05
    legs = [part((x - 0.02, y - 0.02, 0.0), (x + 0.02, y + 0.02, top)) for x in (-0.18, 0.18) for y in (-0.14, 0.20)]
    return joined_meshes([part((-0.21, -0.17, top), (0.21, 0.23, height_m)), *legs])
