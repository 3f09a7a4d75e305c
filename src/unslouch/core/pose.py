"""What a camera frame says about one person: 33 keypoints, seen or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Keypoint(IntEnum):
    """The 33 BlazePose keypoints; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


N_KEYPOINTS = len(Keypoint)

SKELETON: tuple[tuple[Keypoint, Keypoint], ...] = (
    (Keypoint.LEFT_EAR, Keypoint.LEFT_SHOULDER),
    (Keypoint.RIGHT_EAR, Keypoint.RIGHT_SHOULDER),
    (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW),
    (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE),
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)
"""The lines an overlay draws."""


@dataclass(frozen=True, slots=True)
class PoseFrame:
    """One person in one frame, as the estimator saw them.

    Attributes
    ----------
    t_s : capture time, s, from the source; grows from frame to frame.
    size_px : (width, height) of the upright frame with square pixels.
    keypoints_px : (33, 2) float, px, image frame (x right, y down), never mirrored; NaN = not seen.
    visibility : (33,) float in [0, 1]; 0 where nobody is seen.
    world_m : (33, 3) float, m, hip-centred, x to the image's right, y down, z away from the camera;
        NaN where nobody is seen. The depth is a guess of the network: prefer the pixels.
    """

    t_s: float
    size_px: tuple[int, int]
    keypoints_px: FloatArray
    visibility: FloatArray
    world_m: FloatArray

    def __post_init__(self) -> None:
        wanted = {"keypoints_px": (N_KEYPOINTS, 2), "visibility": (N_KEYPOINTS,), "world_m": (N_KEYPOINTS, 3)}
        for name, shape in wanted.items():
            actual = getattr(self, name).shape
            if actual != shape:
                raise ValueError(f"{name} must have the shape {shape}, not {actual}")

    @property
    def somebody(self) -> bool:
        """Whether anyone is seen at all."""
        return bool(np.isfinite(self.keypoints_px[:, 0]).any())


def nobody(t_s: float, size_px: tuple[int, int]) -> PoseFrame:
    """Make the frame in which no person was found."""
    return PoseFrame(
        t_s=t_s,
        size_px=size_px,
        keypoints_px=np.full((N_KEYPOINTS, 2), np.nan),
        visibility=np.zeros(N_KEYPOINTS),
        world_m=np.full((N_KEYPOINTS, 3), np.nan),
    )
