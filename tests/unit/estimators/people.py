"""Painted people and networks that see them exactly: what the lock does can be told without a real network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from unslouch.core.pose import N_KEYPOINTS, Keypoint
from unslouch.estimators.blazepose.detector import Candidate
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.landmarker import Landmarks

WIDTH_PX, HEIGHT_PX = 320, 240
WALL = (190, 200, 205)
SKIN = (120, 150, 210)
TROUSERS = (60, 45, 40)

# Places on a standing body in radii of its circle, from the middle of the hips, x towards the person's left.
_BODY = {
    Keypoint.NOSE: (0.0, -0.75),
    Keypoint.LEFT_SHOULDER: (0.18, -0.52),
    Keypoint.RIGHT_SHOULDER: (-0.18, -0.52),
    Keypoint.LEFT_ELBOW: (0.26, -0.3),
    Keypoint.RIGHT_ELBOW: (-0.26, -0.3),
    Keypoint.LEFT_WRIST: (0.27, -0.1),
    Keypoint.RIGHT_WRIST: (-0.27, -0.1),
    Keypoint.LEFT_HIP: (0.1, 0.0),
    Keypoint.RIGHT_HIP: (-0.1, 0.0),
    Keypoint.LEFT_KNEE: (0.1, 0.42),
    Keypoint.RIGHT_KNEE: (-0.1, 0.42),
    Keypoint.LEFT_ANKLE: (0.1, 0.85),
    Keypoint.RIGHT_ANKLE: (-0.1, 0.85),
}


@dataclass(frozen=True)
class Person:
    """Somebody facing the camera; later ones in a list stand in front."""

    x_px: float
    shirt: tuple[int, int, int]
    y_px: float = 120.0
    radius_px: float = 100.0
    hands_out: float = 0.0

    def moved_to(self, x_px: float) -> Person:
        return replace(self, x_px=x_px)

    def place(self) -> np.ndarray:
        """Place the keypoints, (33, 2) px; those that nobody paints lie at the nose."""
        at = np.tile(np.array(_BODY[Keypoint.NOSE]), (N_KEYPOINTS, 1))
        for keypoint, where in _BODY.items():
            at[keypoint] = where
        at[Keypoint.LEFT_WRIST, 0] += self.hands_out
        at[Keypoint.RIGHT_WRIST, 0] -= self.hands_out
        return np.array([self.x_px, self.y_px]) + at * self.radius_px


def see(person: Person) -> Landmarks:
    """Give what a perfect network says of somebody."""
    points = person.place()
    hips = np.array([person.x_px, person.y_px])
    return Landmarks(
        keypoints_px=points,
        alignment_px=np.stack([hips, hips - [0, person.radius_px]]),
        visibility=np.ones(N_KEYPOINTS),
        presence=np.ones(N_KEYPOINTS),
        world_m=np.zeros((N_KEYPOINTS, 3)),
        score=1.0,
    )


def paint(people: list[Person], light: float = 1.0) -> np.ndarray:
    """Paint a room with people in it, (240, 320, 3) BGR."""
    image = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    image[:] = WALL
    for person in people:
        radius = person.radius_px
        _fill(image, person, (-0.25, -0.6, 0.25, 0.02), person.shirt)
        _fill(image, person, (-0.18, 0.02, 0.18, 0.9), TROUSERS)
        _fill(image, person, (-0.1, -0.9, 0.1, -0.62), SKIN)
        for wrist in (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST):
            x, y = (person.place()[wrist] - [person.x_px, person.y_px]) / radius
            _fill(image, person, (x - 0.04, y - 0.2, x + 0.04, y), SKIN)
    return (image * light).astype(np.uint8)


def _fill(image, person, box, colour):
    x0, y0, x1, y1 = box

    def to_px(value, offset, most):
        return int(np.clip(offset + value * person.radius_px, 0, most))

    top, bottom = to_px(y0, person.y_px, HEIGHT_PX), to_px(y1, person.y_px, HEIGHT_PX)
    left, right = to_px(x0, person.x_px, WIDTH_PX), to_px(x1, person.x_px, WIDTH_PX)
    image[top:bottom, left:right] = colour


class Room:
    """Stands in for both networks: they see the people who are in the room now, unless somebody covers them."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.blind_to: Person | None = None
        self.detections = 0

    def detect(self, _image: np.ndarray, within: Region | None = None) -> list[Candidate]:
        self.detections += 1
        reach = 1e9 if within is None else within.side_px / 2
        middle = 0.0 if within is None else within.x_px
        inside = [one for one in self._visible() if abs(one.x_px - middle) < reach]
        return [Candidate(0.9, self._lay(person)) for person in inside]

    def locate(self, _image: np.ndarray, region: Region) -> Landmarks | None:
        near = [one for one in self._visible() if abs(one.x_px - region.x_px) < 0.4 * one.radius_px]
        if not near:
            return None
        return see(min(near, key=lambda one: abs(one.x_px - region.x_px)))

    def _visible(self) -> list[Person]:
        return [
            one
            for i, one in enumerate(self.people)
            if one != self.blind_to
            and not any(abs(other.x_px - one.x_px) < 0.3 * other.radius_px for other in self.people[i + 1 :])
        ]

    @staticmethod
    def _lay(person: Person) -> Region:
        return Region.from_alignment(*see(person).alignment_px)
