"""Pieces of the base mesh: cut along a smooth line, lifted off the skin, each with one material."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Surface:
    """Triangles whose vertices are mixtures of the base mesh's, so that one cut fits every body.

    Attributes
    ----------
    mix : (n, n_base) sparse; each row says of which base vertices a vertex is made.
    faces : (m, 3) indices of vertices.
    material : (n,) number of the material.
    lift_m : (n,) distance that a vertex is moved outwards along its normal.
    """

    mix: csr_matrix
    faces: IntArray
    material: IntArray
    lift_m: FloatArray

    @classmethod
    def from_quads(cls, quads: list[list[int]], n_base: int, material: int) -> Surface:
        """Take some of the base mesh's faces as they are."""
        table = np.array(quads)
        triangles = np.concatenate([table[:, [0, 1, 2]], table[:, [0, 2, 3]]])
        used, faces = np.unique(triangles, return_inverse=True)
        ones = np.ones(len(used))
        mix = csr_matrix((ones, (np.arange(len(used)), used)), shape=(len(used), n_base))
        return cls(mix, faces.reshape(-1, 3), np.full(len(used), material), np.zeros(len(used)))

    def clipped(self, values: FloatArray) -> Surface:
        """Keep what lies where `values`, one for each vertex, is negative; new vertices lie on the zero line."""
        inside = values < 0
        n_inside = inside[self.faces].sum(1)
        faces = [self.faces[n_inside == 3]]
        new: dict[tuple[int, int], int] = {}

        def crossing(a: int, b: int) -> int:
            key = (min(a, b), max(a, b))
            return new.setdefault(key, len(values) + len(new))

        for face in self.faces[(n_inside == 1) | (n_inside == 2)]:
            kept = inside[face]
            lone = int(np.flatnonzero(kept == (kept.sum() == 1))[0])
            a, b, c = (int(face[(lone + i) % 3]) for i in range(3))
            ab, ac = crossing(a, b), crossing(a, c)
            corners = [[a, ab, ac]] if inside[a] else [[ab, b, c], [ab, c, ac]]
            faces.append(np.array(corners))
        return self._with_crossings(new, values, np.concatenate(faces))

    def _with_crossings(self, new: dict[tuple[int, int], int], values: FloatArray, faces: IntArray) -> Surface:
        pairs = np.array(list(new), dtype=np.int64).reshape(-1, 2)
        low, high = values[pairs[:, 0]], values[pairs[:, 1]]
        share = low / (low - high)
        near = np.where(share < 0.5, pairs[:, 0], pairs[:, 1])
        mix = vstack([self.mix, self._blend(pairs, share)]).tocsr()
        lift = (1 - share) * self.lift_m[pairs[:, 0]] + share * self.lift_m[pairs[:, 1]]
        grown = Surface(
            mix, faces, np.concatenate([self.material, self.material[near]]), np.concatenate([self.lift_m, lift])
        )
        return grown._compact()

    def _blend(self, pairs: IntArray, share: FloatArray) -> Any:
        first, second = self.mix[pairs[:, 0]], self.mix[pairs[:, 1]]
        return first.multiply((1 - share)[:, None]) + second.multiply(share[:, None])

    def _compact(self) -> Surface:
        used, faces = np.unique(self.faces, return_inverse=True)
        return Surface(self.mix[used], faces.reshape(-1, 3), self.material[used], self.lift_m[used])

    def lifted(self, lift_m: FloatArray | float) -> Surface:
        """Set how far the vertices are moved outwards."""
        return replace(self, lift_m=np.broadcast_to(np.asarray(lift_m, dtype=np.float64), self.lift_m.shape).copy())

    def at(self, base: FloatArray) -> FloatArray:
        """Positions on a body, lift included."""
        points = np.asarray(self.mix @ base)
        return np.asarray(points + self.lift_m[:, None] * vertex_normals(points, self.faces))


def joined(parts: list[Surface]) -> Surface:
    """Put several surfaces into one, unconnected."""
    starts = np.cumsum([0, *(p.mix.shape[0] for p in parts)])
    return Surface(
        vstack([p.mix for p in parts]).tocsr(),
        np.concatenate([p.faces + start for p, start in zip(parts, starts[:-1], strict=True)]),
        np.concatenate([p.material for p in parts]),
        np.concatenate([p.lift_m for p in parts]),
    )


def vertex_normals(points: FloatArray, faces: IntArray) -> FloatArray:
    """Outward normals, (n, 3), area-weighted."""
    corner = points[faces]
    flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals = np.zeros_like(points)
    for axis in range(3):
        for k in range(3):
            normals[:, axis] += np.bincount(faces[:, k], flat[:, axis], minlength=len(points))
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
