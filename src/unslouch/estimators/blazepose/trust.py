"""Decides which keypoints can be trusted; the others become NaN.

Notes
-----
Chosen on thirteen rendered clips with exact truth, as they are and with the picture cut at the hips, at the crown and
on either side (18,800 arm points; an error above a quarter of the torso's length is called bad):

=====================  ==================  ===========  ======================
rule                   bad among the kept  bad refused  good in-frame ones lost
=====================  ==================  ===========  ======================
presence 0.5           4.0 %               29 %         0.5 %
the same, 0.05 torso   3.5 %               41 %         0.5 %
visibility 0.1 too     2.8 %               56 %         8 %
visibility 0.3         2.4 %               65 %         11 %
visibility 0.5         2.0 %               72 %         14 %
=====================  ==================  ===========  ======================

Presence says whether a point is in the picture and is what tells a good hip, knee or overhead hand from an invented
one (legs: 92 % of the bad ones refused). Visibility below 0.1 is the far arm of a side view. Between 0.1 and 0.5 lie
partly hidden elbows whose places are as good as any (median error 0.09 torso): they stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from unslouch.core.pose import FloatArray
    from unslouch.estimators.blazepose.landmarker import Landmarks

MIN_PRESENCE = 0.5
MIN_VISIBILITY = 0.1
OUTSIDE_RADII = 0.025
"""How far outside the frame a point may lie, in radii of the body's circle; 0.05 of an upright torso's length."""


def mask_unseen(found: Landmarks, size_px: tuple[int, int]) -> FloatArray:
    """Give the keypoints, (33, 2) px, with NaN for those whose coordinates cannot be trusted."""
    margin_px = OUTSIDE_RADII * float(np.hypot(*(found.alignment_px[1] - found.alignment_px[0])))
    points_px = found.keypoints_px
    inside = ((points_px >= -margin_px) & (points_px <= np.array(size_px) + margin_px)).all(axis=1)
    seen = inside & (found.presence >= MIN_PRESENCE) & (found.visibility >= MIN_VISIBILITY)
    return np.where(seen[:, None], points_px, np.nan)
