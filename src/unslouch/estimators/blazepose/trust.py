"""Decides which keypoints can be trusted; the others become NaN."""

from __future__ import annotations

import numpy as np

from unslouch.core.pose import FloatArray
from unslouch.estimators.blazepose.landmarker import Landmarks

MIN_VISIBILITY = 0.3
OUTSIDE_SHARE = 0.02


def mask_unseen(found: Landmarks, size_px: tuple[int, int]) -> FloatArray:
    """Give the keypoints, (33, 2) px, with NaN for those whose coordinates cannot be trusted."""
    margin_px = OUTSIDE_SHARE * max(size_px)
    xy = found.keypoints_px
    inside = ((xy >= -margin_px) & (xy <= np.array(size_px) + margin_px)).all(axis=1)
    seen = inside & (found.visibility >= MIN_VISIBILITY)
    return np.where(seen[:, None], xy, np.nan)
