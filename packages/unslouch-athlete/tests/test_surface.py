"""Cutting the base mesh."""

import numpy as np
from unslouch_athlete.shapes import SHAPES
from unslouch_athlete.surface import Surface, joined, vertex_normals

GRID = np.array([[x, y, 0.0] for y in range(3) for x in range(3)], dtype=float)
QUADS = [[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7]]


def area(surface, base):
    corner = surface.at(base)[surface.faces]
    return np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1).sum() / 2


def test_a_cut_runs_along_the_zero_line():
    sheet = Surface.from_quads(QUADS, len(GRID), 4)
    cut = sheet.clipped(GRID[:, 0] - 1.25)
    assert np.isclose(cut.at(GRID)[:, 0].max(), 1.25)
    assert np.isclose(area(cut, GRID), 2.5)
    assert set(cut.material) == {4}


def test_a_cut_fits_another_body():
    cut = Surface.from_quads(QUADS, len(GRID), 0).clipped(GRID[:, 0] - 1.5)
    wide = GRID * [2.0, 1.0, 1.0]
    assert np.isclose(cut.at(wide)[:, 0].max(), 3.0)


def test_pieces_are_joined_and_lifted_along_their_normals():
    sheet = Surface.from_quads(QUADS, len(GRID), 1)
    both = joined([sheet, sheet.lifted(0.5)])
    points = both.at(GRID)
    np.testing.assert_allclose(points[9:, 2] - points[:9, 2], 0.5)
    np.testing.assert_allclose(vertex_normals(points[:9], sheet.faces)[:, 2], 1.0)


def test_the_weights_of_a_shape_are_shares():
    for shape in SHAPES.values():
        factors = shape.factors()
        for words in (("male", "female"), ("young", "old"), ("african", "asian", "caucasian")):
            assert np.isclose(sum(factors[w] for w in words), 1.0)
        for word in ("muscle", "weight"):
            assert np.isclose(sum(factors[f"{size}{word}"] for size in ("min", "average", "max")), 1.0)
