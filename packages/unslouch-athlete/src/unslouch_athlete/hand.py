"""How the fingers lie: loosely, or closed round a band with the thumb over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unslouch.testing.anatomy import part_of_turn, rotation, swing, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unslouch_athlete.surface import FloatArray

CLOSED_DEG = (72.0, 78.0, 50.0)
LOOSE_DEG = (18.0, 22.0, 15.0)
"""Bend of each joint of a finger, from the knuckle on."""
THUMB_ROUNDS = 6
THUMB_STIFFNESS = {1: 0.25, 2: 0.35, 3: 0.35}
"""Share of the missing angle that each joint of the thumb gives in one round."""


def finger_turns(heads: Mapping[str, FloatArray], s: str, palm: FloatArray, *, holding: bool) -> dict[str, FloatArray]:
    """Rotation of every finger bone of one hand, in the frame of the wrist at rest.

    Parameters
    ----------
    heads : rest position of every bone.
    s : "L" or "R".
    palm : direction out of the palm.
    holding : the hand is closed.
    """
    turns: dict[str, FloatArray] = {}
    for finger in (2, 3, 4, 5):
        axis, bent = np.cross(_along(heads, finger, s), palm), 0.0
        for joint, deg in enumerate(CLOSED_DEG if holding else LOOSE_DEG, start=1):
            bent += deg
            turns[f"finger{finger}-{joint}.{s}"] = rotation(axis, bent)
    if holding:
        turns |= _thumb(heads, s, _thumb_rest_m(heads, turns, s, palm))
    return turns


def _along(heads: Mapping[str, FloatArray], finger: int, s: str) -> FloatArray:
    return unit(heads[f"finger{finger}-2.{s}"] - heads[f"finger{finger}-1.{s}"])


def _thumb_rest_m(
    heads: Mapping[str, FloatArray], turns: Mapping[str, FloatArray], s: str, palm: FloatArray
) -> FloatArray:
    """Where the tip of the thumb lies on the bent fingers."""

    def bent(finger: int) -> FloatArray:
        first, second, third = (heads[f"finger{finger}-{j}.{s}"] for j in (1, 2, 3))
        middle = first + turns[f"finger{finger}-1.{s}"] @ (second - first)
        return np.asarray(middle + 0.6 * turns[f"finger{finger}-2.{s}"] @ (third - second))

    return np.asarray((bent(2) + bent(3)) / 2 + 0.016 * palm)


def _thumb(heads: Mapping[str, FloatArray], s: str, target: FloatArray) -> dict[str, FloatArray]:
    """Bend the thumb until its tip is at the target (cyclic coordinate descent)."""
    joints = [heads[f"finger1-{j}.{s}"] for j in (1, 2, 3)]
    joints.append(joints[2] + 0.95 * (joints[2] - joints[1]))
    turns = {j: np.eye(3) for j in (1, 2, 3)}
    for _ in range(THUMB_ROUNDS):
        for j in (3, 2, 1):
            pivot = joints[j - 1]
            full = swing(joints[3] - pivot, target - pivot)
            step = part_of_turn(full, THUMB_STIFFNESS[j])
            for k in range(j, 4):
                joints[k] = pivot + step @ (joints[k] - pivot)
            for k in range(j, 4):
                if k in turns:
                    turns[k] = step @ turns[k]
    return {f"finger1-{j}.{s}": turn for j, turn in turns.items()}
