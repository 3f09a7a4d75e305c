"""The estimator: find a person, then follow them from frame to frame."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from unslouch.core.pose import PoseFrame, nobody
from unslouch.estimators.blazepose.detector import Detector
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.landmarker import Landmarker, Landmarks
from unslouch.estimators.blazepose.smoothing import AlignmentFilter
from unslouch.estimators.blazepose.trust import mask_unseen
from unslouch.ports import Frame


class BlazePose:
    """BlazePose on LiteRT.

    Parameters
    ----------
    detector_path, landmarker_path : the two networks.
    threads : processor threads a network may use.

    Notes
    -----
    Nothing that is reported is smoothed: the core filters. Frames go in as they are, never mirrored.
    """

    def __init__(self, detector_path: Path | str, landmarker_path: Path | str, threads: int = 1) -> None:
        cv2.setNumThreads(threads)
        self._detector = Detector(Path(detector_path), threads)
        self._landmarker = Landmarker(Path(landmarker_path), threads)
        self._alignment = AlignmentFilter()
        self._region: Region | None = None

    def estimate(self, frame: Frame) -> PoseFrame:
        """Locate the person; everything NaN when nobody is seen."""
        found = self._follow(frame) or self._find(frame)
        height_px, width_px = frame.image_bgr.shape[:2]
        size_px = (width_px, height_px)
        if found is None:
            return nobody(frame.t_s, size_px)
        return PoseFrame(
            t_s=frame.t_s,
            size_px=size_px,
            keypoints_px=mask_unseen(found, size_px),
            visibility=found.visibility,
            world_m=found.world_m,
        )

    def reset(self) -> None:
        """Forget the person."""
        self._lose()

    def close(self) -> None:
        """Free the networks."""
        del self._detector, self._landmarker

    def _follow(self, frame: Frame) -> Landmarks | None:
        if self._region is None:
            return None
        found = self._landmarker.locate(frame.image_bgr, self._region)
        if found is None:
            self._lose()
            return None
        self._aim(frame.t_s, found)
        return found

    def _find(self, frame: Frame) -> Landmarks | None:
        height_px, width_px = frame.image_bgr.shape[:2]
        middle = np.array([width_px / 2, height_px / 2])
        candidates = self._detector.detect(frame.image_bgr)

        def weigh(region: Region) -> float:
            aside = abs(region.x_px - middle[0]) / width_px
            return region.side_px * (1 - aside)

        for candidate in sorted(candidates, key=lambda c: weigh(c.region), reverse=True):
            found = self._landmarker.locate(frame.image_bgr, candidate.region)
            if found is not None:
                self._aim(frame.t_s, found)
                return found
        return None

    def _aim(self, t_s: float, found: Landmarks) -> None:
        """Lay the region for the next frame."""
        centre, rim = self._alignment.step(t_s, found.alignment_px)
        self._region = Region.from_alignment(centre, rim)

    def _lose(self) -> None:
        self._region = None
        self._alignment.reset()
