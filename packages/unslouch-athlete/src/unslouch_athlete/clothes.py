"""What an athlete wears and is coloured with: T-shirt, trousers, shoes, hair, lips, brows, eyes.

The cuts are lines on the average body; every body wears the same pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from unslouch_athlete.makehuman import EYES
from unslouch_athlete.surface import FloatArray, Surface, joined

if TYPE_CHECKING:
    from unslouch_athlete.makehuman import MakeHuman, Rig


class Material(IntEnum):
    """What a vertex is made of."""

    SKIN = 0
    LIPS = 1
    BROW = 2
    HAIR = 3
    SHIRT = 4
    TROUSERS = 5
    SHOE = 6
    EYE_WHITE = 7
    IRIS = 8
    PUPIL = 9


SLEEVE = 0.62
"""Length of the sleeve as a share of the upper arm."""
HEM_BELOW_HIPS_M = 0.02
OVERLAP_M = 0.03
"""How far skin and trousers go on under what covers them."""
SHOE_ABOVE_ANKLE_M = 0.03
SHIRT_M, TROUSERS_M, SHOE_M, HAIR_M = 0.008, 0.005, 0.007, 0.013
"""How far each lies off the skin."""


@dataclass(frozen=True)
class Lines:
    """Signed distances, m, to the edges of the clothes at any point; negative inside."""

    joints: dict[str, FloatArray]

    def sleeves(self, points: FloatArray, arm_weight: FloatArray) -> FloatArray:
        """Negative from the shoulder to the end of the sleeve, and on everything that is no arm."""
        value = np.full(len(points), -1.0)
        for s, sign in (("L", 1.0), ("R", -1.0)):
            shoulder, elbow = self.joints[f"upperarm01.{s}"], self.joints[f"lowerarm01.{s}"]
            axis = elbow - shoulder
            length = float(np.linalg.norm(axis))
            along = (points - shoulder) @ axis / length - SLEEVE * length
            value = np.where((arm_weight > 0.5) & (sign * points[:, 0] > 0), along, value)
        return value

    def collar(self, points: FloatArray) -> FloatArray:
        """Negative below the round neckline, which is lower in front."""
        from_neck = points - self.joints["neck01"]
        across = np.hypot(from_neck[:, 0], from_neck[:, 1])
        lower_in_front = -0.35 * from_neck[:, 1] - 0.6 * np.minimum(from_neck[:, 1], 0.0)
        above_shoulders = np.where(from_neck[:, 2] > 0.06, 0.3, 0.0)
        round_neck = from_neck[:, 2] + 0.02 - 1.6 * np.maximum(0.0, across - 0.055)
        return np.asarray(round_neck + lower_in_front + above_shoulders)

    def shirt(self, points: FloatArray, arm_weight: FloatArray) -> FloatArray:
        """Negative inside the T-shirt."""
        bottom = self.joints["root"][2] - HEM_BELOW_HIPS_M - points[:, 2]
        bottom = np.where(arm_weight > 0.5, -1.0, bottom)
        return np.asarray(np.max([self.sleeves(points, arm_weight), self.collar(points), bottom], axis=0))

    def trousers(self, points: FloatArray, arm_weight: FloatArray) -> FloatArray:
        """Negative inside the trousers."""
        top = points[:, 2] - (self.joints["root"][2] + OVERLAP_M)
        bottom = self.joints["foot.L"][2] + 0.015 - points[:, 2]
        return np.asarray(np.where(arm_weight > 0.5, 1.0, np.maximum(top, bottom)))


def dress(source: MakeHuman, average: FloatArray, rig: Rig) -> Surface:
    """Cut every piece on the average body."""
    n = len(average)
    joints = {name: average[list(v)].mean(0) for name, v in zip(rig.names, rig.head_vertices, strict=True)}
    lines = Lines(joints)
    arm_bones = [i for i, b in enumerate(rig.names) if b.startswith(_ARM)]
    arm = rig.weights[:, arm_bones].sum(1)

    def quads(*groups: str) -> list[list[int]]:
        return [corners for group, corners in source.quads if group in groups]

    skin = Surface.from_quads(quads("body"), n, Material.SKIN)
    tights = Surface.from_quads(quads("helper-tights"), n, Material.SHIRT)
    cloth_at, cloth_arm = tights.mix @ average, tights.mix @ arm
    shirt = tights.clipped(lines.shirt(cloth_at, cloth_arm))
    from_collar = -lines.collar(shirt.mix @ average)
    shirt = shirt.lifted(SHIRT_M * np.clip(from_collar / OVERLAP_M, 0.35, 1.0))
    legs = tights.clipped(lines.trousers(cloth_at, cloth_arm)).lifted(TROUSERS_M)
    trousers = Surface(legs.mix, legs.faces, np.full_like(legs.material, Material.TROUSERS), legs.lift_m)
    parts = [
        _shown_skin(skin, average, arm, lines, source),
        shirt,
        trousers,
        _shoes(tights, average, joints),
        _hair(skin, average, joints, source, rig),
        *(_eye(quads(f"helper-{s}-eye"), average, n) for s in "lr"),
    ]
    return joined(parts)


_ARM = ("upperarm", "lowerarm", "wrist", "metacarpal", "finger")


def _shown_skin(skin: Surface, average: FloatArray, arm: FloatArray, lines: Lines, source: MakeHuman) -> Surface:
    shown = skin
    points = shown.mix @ average
    shown = shown.clipped(lines.joints["foot.L"][2] - points[:, 2])
    for line in (lines.shirt, lines.trousers):
        points, weight = shown.mix @ average, shown.mix @ arm
        shown = shown.clipped(-(line(points, weight) + OVERLAP_M))
    material = shown.material.copy()
    material[shown.mix @ source.texture("mpfb_lips.jpg") > 0.45] = Material.LIPS
    points = shown.mix @ average
    for sign, (first, last) in zip((1.0, -1.0), EYES, strict=True):
        from_eye = points - average[first:last].mean(0)
        outwards = sign * from_eye[:, 0]
        arch = 0.022 - 8.0 * (outwards - 0.008) ** 2
        near = (outwards > -0.013) & (outwards < 0.024) & (from_eye[:, 1] < 0.0)
        material[near & (np.abs(from_eye[:, 2] - arch) < 0.0032)] = Material.BROW
    return Surface(shown.mix, shown.faces, material, shown.lift_m)


def _shoes(tights: Surface, average: FloatArray, joints: dict[str, FloatArray]) -> Surface:
    points = tights.mix @ average
    shoe = tights.clipped(points[:, 2] - (joints["foot.L"][2] + SHOE_ABOVE_ANKLE_M)).lifted(SHOE_M)
    return Surface(shoe.mix, shoe.faces, np.full_like(shoe.material, Material.SHOE), shoe.lift_m)


def _hair(skin: Surface, average: FloatArray, joints: dict[str, FloatArray], source: MakeHuman, rig: Rig) -> Surface:
    head_bones = [i for i, b in enumerate(rig.names) if b in {"head", "neck02", "neck03"}]
    middle = joints["head"] + np.array([0.0, -0.02, 0.02])
    from_middle = average - middle
    edge = np.interp(from_middle[:, 1], _HAIRLINE_Y, _HAIRLINE_Z) - from_middle[:, 2]
    elsewhere = (rig.weights[:, head_bones].sum(1) < 0.5) | (from_middle[:, 2] < -0.09)
    ears = (source.texture("mpfb_ears.jpg") - 0.3) * 0.05
    hair = skin.clipped(skin.mix @ np.where(elsewhere, 0.02, np.maximum(edge, ears)))
    depth = np.maximum(0.0, hair.mix @ -edge)
    material = np.full_like(hair.material, Material.HAIR)
    return Surface(hair.mix, hair.faces, material, HAIR_M * np.clip(depth / 0.02, 0.15, 1.0))


_HAIRLINE_Y = (-0.13, -0.085, -0.04, -0.005, 0.03, 0.08)
_HAIRLINE_Z = (0.105, 0.095, 0.05, 0.03, -0.02, -0.06)
"""Height of the hairline over depth, both from the point between the ears: forehead to nape."""


def _eye(quads: list[list[int]], average: FloatArray, n: int) -> Surface:
    eye = Surface.from_quads(quads, n, Material.EYE_WHITE)
    points = eye.mix @ average
    middle, radius = (points.min(0) + points.max(0)) / 2, np.ptp(points, axis=0).max() / 2
    off_axis = np.hypot(points[:, 0] - middle[0], points[:, 2] - middle[2]) / radius
    in_front = points[:, 1] < middle[1]
    material = eye.material.copy()
    material[in_front & (off_axis < 0.6)] = Material.IRIS
    material[in_front & (off_axis < 0.28)] = Material.PUPIL
    return Surface(eye.mix, eye.faces, material, eye.lift_m)
