"""A body that takes a pose: joint angles to bones, bones to skin."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from unslouch.core.pose import Keypoint
from unslouch.testing.anatomy import (
    LEFT,
    RIGHT,
    SEAT_BEHIND_M,
    Y,
    Z,
    arm_directions,
    clavicle_turn,
    leg_frames,
    part_of_turn,
    pitch,
    rotation,
    swing,
    trunk_frame,
    unit,
)
from unslouch_athlete.hand import finger_turns
from unslouch_athlete.surface import vertex_normals

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from unslouch.core.motion import ArmAngles, BodyAngles
    from unslouch.testing.routine import Place
    from unslouch_athlete.surface import FloatArray, IntArray

SIDES = (("L", "left", LEFT), ("R", "right", RIGHT))
CHAIR_HIP_M = 0.53
THORACIC_SHARE = {"spine03": 0.15, "spine02": 0.5, "spine01": 1.0}
SHOULDER_SHARE = 0.4

JOINT_BONES = {
    **{
        f"{name}_{joint}": f"{bone}.{s}"
        for s, name, _ in SIDES
        for joint, bone in {
            "shoulder": "upperarm01",
            "elbow": "lowerarm01",
            "wrist": "wrist",
            "hip": "upperleg01",
            "knee": "lowerleg01",
            "ankle": "foot",
            "pinky": "finger5-1",
            "index": "finger2-1",
            "thumb": "finger1-2",
            "hand": "finger3-1",
        }.items()
    },
    "c7": "neck01",
    "head": "head",
    "pelvis": "root",
    "chest": "spine01",
}
"""Named joints and the bones at whose heads they are."""


@dataclass(frozen=True)
class Posed:
    """A body in one moment, in the world.

    Attributes
    ----------
    vertices_m, normals : (n, 3) of the skin and clothes.
    joints_m : joint centres and surface landmarks by name; has every keypoint's name in lower case.
    grips_m : "left" and "right": (3, 3), the line through the closed hand from the little finger to the index.
    """

    vertices_m: FloatArray
    normals: FloatArray
    joints_m: dict[str, FloatArray]
    grips_m: dict[str, FloatArray]

    def keypoints_m(self) -> FloatArray:
        """Return the 33 keypoints, (33, 3)."""
        return np.array([self.joints_m[k.name.lower()] for k in Keypoint])


class Body:
    """One athlete's body, read from the baked files.

    Parameters
    ----------
    name : one of `shapes.SHAPES`.
    directory : where the baked files are; those of the package without.
    """

    def __init__(self, name: str, directory: Traversable | None = None) -> None:
        where = directory or resources.files("unslouch_athlete") / "data"
        with (where / "topology.npz").open("rb") as file, np.load(file) as topology:
            self.faces: IntArray = topology["faces"].astype(np.int64)
            self.material: IntArray = topology["material"].astype(np.int64)
            self.bones = [str(b) for b in topology["bones"]]
            self.parents = [int(p) for p in topology["parents"]]
            self._landmark_names = [str(n) for n in topology["landmark_names"]]
            self._landmark_bones = topology["landmark_bones"].astype(np.int64)
            rows = np.repeat(np.arange(len(self.material)), topology["weights"].shape[1])
            shares = topology["weights"].astype(np.float64).ravel() / topology["weights"].sum(1).repeat(4)
            bones = topology["weight_bones"].ravel()
            self._weights = csr_matrix((shares, (rows, bones)), shape=(len(self.material), len(self.bones)))
        arms = [b.startswith(("upperarm", "lowerarm", "wrist", "finger", "metacarpal")) for b in self.bones]
        self.on_arm: NDArray[np.bool_] = np.asarray(self._weights @ np.array(arms, dtype=np.float64)) > 0.5
        with (where / f"{name}.npz").open("rb") as file, np.load(file) as shape:
            low, high = shape["low_m"].astype(np.float64), shape["high_m"].astype(np.float64)
            self._rest: FloatArray = low + shape["vertices"] / 65535.0 * (high - low)
            self._heads: FloatArray = shape["bone_heads_m"].astype(np.float64)
            self._landmarks: FloatArray = shape["landmarks_m"].astype(np.float64)
        self.name = name
        self._index = {bone: i for i, bone in enumerate(self.bones)}
        at_rest = dict(zip(self.bones, self._heads, strict=True))
        self._fingers = {
            (s, holding): finger_turns(at_rest, s, self._rest_palm(s), holding=holding)
            for s in "LR"
            for holding in (False, True)
        }

    @property
    def height_m(self) -> float:
        """Standing height."""
        return float(np.ptp(self._rest[:, 2]))

    def pose(self, angles: BodyAngles, place: Place, *, holding: bool) -> Posed:
        """Take a pose.

        Parameters
        ----------
        angles : every joint.
        place : where on the floor.
        holding : the hands are closed.
        """
        turns = self._bone_turns(angles, holding=holding)
        heads = self._bone_heads(turns)
        self._ease_shoulders(turns)
        shifts = heads - np.einsum("bij,bj->bi", turns, self._heads)
        for s, _, _ in SIDES:
            pivot, bone = self._index[f"upperarm01.{s}"], self._index[f"shoulder01.{s}"]
            shifts[bone] = heads[pivot] - turns[bone] @ self._heads[pivot]
        table = np.concatenate([turns, shifts[:, :, None]], axis=2).reshape(-1, 12)
        blended = np.asarray(self._weights @ table).reshape(-1, 3, 4)
        vertices = np.einsum("vij,vj->vi", blended[:, :, :3], self._rest) + blended[:, :, 3]
        bone = self._landmark_bones
        marks = np.einsum("lij,lj->li", turns[bone], self._landmarks) + shifts[bone]
        points = {name: heads[self._index[b]] for name, b in JOINT_BONES.items()}
        points |= dict(zip(self._landmark_names, marks, strict=True))
        yaw = rotation(Z, place.yaw_deg)
        ground = self._ground(angles, vertices, points)
        there = np.array([place.x_m, place.y_m, 0.0])
        grips = {name: (self._grip(s, heads) + ground) @ yaw.T + there for s, name, _ in SIDES}
        placed = (vertices + ground) @ yaw.T + there
        return Posed(
            placed,
            vertex_normals(placed, self.faces),
            {name: yaw @ (point + ground) + there for name, point in points.items()},
            grips,
        )

    def _ease_shoulders(self, turns: FloatArray) -> None:
        """Let the skin round the shoulder follow the arm part of the way, as the shoulder blade does."""
        for s, _, _ in SIDES:
            blade, arm = self._index[f"shoulder01.{s}"], self._index[f"upperarm01.{s}"]
            turns[blade] = part_of_turn(turns[arm] @ turns[blade].T, SHOULDER_SHARE) @ turns[blade]

    def _grip(self, s: str, heads: FloatArray) -> FloatArray:
        def curl(finger: int) -> FloatArray:
            return np.asarray(np.mean([heads[self._index[f"finger{finger}-{j}.{s}"]] for j in (1, 2, 3)], axis=0))

        inner, outer = curl(5), curl(2)
        middle, across = (inner + outer) / 2, (outer - inner) / 2
        return np.array([middle - 1.5 * across, middle, middle + 1.5 * across])

    def _ground(self, angles: BodyAngles, vertices: FloatArray, points: dict[str, FloatArray]) -> FloatArray:
        lowest = float(vertices[:, 2].min())
        ankles = (points["left_ankle"] + points["right_ankle"]) / 2
        on_feet = np.array([-ankles[0], -ankles[1], -lowest])
        hips = points["pelvis"]
        height = -lowest if angles.seat == "floor" else CHAIR_HIP_M - hips[2]
        on_seat = np.array([-hips[0], SEAT_BEHIND_M[angles.seat] - hips[1], height])
        return np.asarray((1.0 - angles.seated) * on_feet + angles.seated * on_seat)

    def _head(self, bone: str) -> FloatArray:
        return np.asarray(self._heads[self._index[bone]])

    def _bone_heads(self, turns: FloatArray) -> FloatArray:
        heads = np.zeros_like(self._heads)
        for i, parent in enumerate(self.parents):
            if parent < 0:
                heads[i] = self._heads[i]
            else:
                heads[i] = heads[parent] + turns[parent] @ (self._heads[i] - self._heads[parent])
        return heads

    def _bone_turns(self, angles: BodyAngles, *, holding: bool) -> FloatArray:
        """Rotation of every bone from its rest, in the world."""
        turns = self._trunk_turns(angles)
        frame = trunk_frame(angles.trunk)
        for s, name, side in SIDES:
            arm = angles.left if name == "left" else angles.right
            clavicle = turns["spine01"] @ clavicle_turn(arm, side)
            turns |= {f"clavicle.{s}": clavicle, f"shoulder01.{s}": clavicle}
            turns |= self._arm_turns(arm, s, side, frame)
            wrist = turns[f"wrist.{s}"]
            turns |= {bone: wrist @ turn for bone, turn in self._fingers[s, holding].items()}
            turns |= self._leg_turns(angles, s, side)
            turns[f"pelvis.{s}"] = turns["root"]
        inherited: list[FloatArray] = []
        for bone, parent in zip(self.bones, self.parents, strict=True):
            inherited.append(turns[bone] if bone in turns else inherited[parent])
        return np.array(inherited)

    def _trunk_turns(self, angles: BodyAngles) -> dict[str, FloatArray]:
        trunk = angles.trunk
        lean = pitch(trunk.trunk_flexion_deg)
        turns = {"root": lean}
        for i, bone in enumerate(("spine05", "spine04", "spine03", "spine02", "spine01"), start=1):
            bend = rotation(Y, trunk.trunk_side_bend_deg * i / 5) @ rotation(Z, trunk.trunk_rotation_deg * i / 5)
            turns[bone] = lean @ bend @ pitch(THORACIC_SHARE.get(bone, 0.0) * trunk.thoracic_flexion_deg)
        frame = trunk_frame(trunk)
        poke = trunk.thoracic_flexion_deg + trunk.head_forward_deg
        turns["neck01"] = frame @ pitch(trunk.thoracic_flexion_deg + 0.5 * trunk.head_forward_deg)
        turns["neck02"] = frame @ pitch(poke)
        turns["neck03"] = frame @ pitch(0.5 * (poke + trunk.head_flexion_deg))
        turns["head"] = frame @ pitch(trunk.head_flexion_deg)
        return turns

    def _arm_turns(self, arm: ArmAngles, s: str, side: float, frame: FloatArray) -> dict[str, FloatArray]:
        upper0 = unit(self._head(f"lowerarm01.{s}") - self._head(f"upperarm01.{s}"))
        fore0 = unit(self._head(f"wrist.{s}") - self._head(f"lowerarm01.{s}"))
        hinge0 = unit(np.cross(upper0, fore0))
        to = arm_directions(arm, side)
        upper, fore = frame @ to.upper, frame @ to.fore
        hinge = frame @ np.cross(to.upper, to.bend)
        upper_turn = _frame(upper, hinge) @ _frame(upper0, hinge0).T
        fore_turn = _frame(fore, hinge) @ _frame(fore0, hinge0).T
        raised = swing(upper0, upper)
        twist = _signed_deg(raised @ hinge0, upper_turn @ hinge0, upper)
        palm = fore_turn @ self._rest_palm(s)
        pronation = _signed_deg(palm, frame @ to.palm, fore)
        return {
            f"upperarm01.{s}": rotation(upper, 0.5 * twist) @ raised,
            f"upperarm02.{s}": upper_turn,
            f"lowerarm01.{s}": rotation(fore, 0.15 * pronation) @ fore_turn,
            f"lowerarm02.{s}": rotation(fore, 0.6 * pronation) @ fore_turn,
            f"wrist.{s}": rotation(fore, pronation) @ fore_turn,
        }

    def _rest_palm(self, s: str) -> FloatArray:
        """Direction out of the palm at rest, perpendicular to the forearm."""
        fore = unit(self._head(f"wrist.{s}") - self._head(f"lowerarm01.{s}"))
        thumbwards = unit(self._head(f"metacarpal1.{s}") - self._head(f"metacarpal4.{s}"))
        return unit(np.cross(fore, thumbwards) * (RIGHT if s == "R" else LEFT))

    def _leg_turns(self, angles: BodyAngles, s: str, side: float) -> dict[str, FloatArray]:
        frames = leg_frames(angles, side)
        hip, knee, ankle = (self._head(f"{b}.{s}") for b in ("upperleg01", "lowerleg01", "foot"))
        thigh = frames.thigh @ swing(knee - hip, -Z)
        shank = frames.shank @ swing(ankle - knee, -Z)
        return {
            f"upperleg01.{s}": thigh,
            f"upperleg02.{s}": thigh,
            f"lowerleg01.{s}": shank,
            f"lowerleg02.{s}": shank,
            f"foot.{s}": frames.foot,
        }


def _frame(along: FloatArray, hinge: FloatArray) -> FloatArray:
    return np.stack([along, hinge, np.cross(along, hinge)], axis=1)


def _signed_deg(start: FloatArray, end: FloatArray, axis: FloatArray) -> float:
    """Angle from one direction to another about an axis to which both are perpendicular."""
    start, end = start - axis * (start @ axis), end - axis * (end @ axis)
    return float(np.degrees(np.arctan2(axis @ np.cross(start, end), start @ end)))
