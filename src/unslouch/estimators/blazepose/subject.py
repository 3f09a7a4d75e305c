"""Knows the one person who is being followed: what they wear, where they are, whether they came to stay.

Notes
-----
Resemblance is how much of what is seen the person explains, over how much they usually do. For the person it stays
above 0.81 on rendered clips and above 0.57 on dithered real ones; with another person in front it falls to 0.00-0.20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.pose import Keypoint
from unslouch.estimators.blazepose.appearance import Appearance, compute_likeness

if TYPE_CHECKING:
    from unslouch.core.pose import FloatArray
    from unslouch.estimators.blazepose.landmarker import Landmarks

SAME = 0.5
"""Resemblance from which the person who is followed is still the same."""
FOUND_AGAIN = 0.6
"""Resemblance from which somebody found in the picture is the person who was lost."""
SURE = 0.75
LEARN_S = 1.5
LEARN_SLOWLY_S = 6.0
MAX_STEP_S = 0.2
MIN_USUAL = 0.4
FIRST_USUAL = 0.7
MAX_LOOKS = 4
MOVED_RADII = 0.1
"""A wrist that travelled so far, in radii of the body's circle, is alive."""
DWELL_RADII, DWELL_S = 0.3, 1.5
"""Somebody who stays within so much for so long has not just come past."""
HOME_S = 2.0
"""So long after the place was left somebody like the person may still be found there: it was not them who left."""

_WRISTS = [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body is: the middle of the hips and the radius of the body's circle, px."""

    hips_px: FloatArray
    radius_px: float

    @classmethod
    def of(cls, found: Landmarks) -> Place:
        """Read the place off the alignment points."""
        hips_px, rim_px = found.alignment_px
        return cls(hips_px, max(float(np.hypot(*(rim_px - hips_px))), 1.0))

    def compute_distance(self, other: Place) -> float:
        """Compute how far apart two places are, in radii of this one."""
        return float(np.hypot(*(other.hips_px - self.hips_px))) / self.radius_px

    def compute_growth(self, other: Place) -> float:
        """Compute how much larger or smaller the other is, a factor of at least 1."""
        ratio = other.radius_px / self.radius_px
        return max(ratio, 1 / ratio)


@dataclass(slots=True)
class _Look:
    """One way the person appears, and the likeness that it usually reaches."""

    appearance: Appearance
    usual: float = FIRST_USUAL

    def resemble(self, seen: Appearance) -> float:
        return compute_likeness(seen, self.appearance) / self.usual


class Subject:
    """The person who is followed.

    Parameters
    ----------
    t_s : when they were found, s.
    place : where.
    seen : what they wear; None when too little of them is in the frame.

    Attributes
    ----------
    seen_s, place : when and where they were seen last.
    settled : they have stayed in their place and moved their hands there: not a poster, not a passer-by.
    """

    def __init__(self, t_s: float, place: Place, seen: Appearance | None) -> None:
        self.seen_s = t_s
        self.place = place
        self.settled = False
        self._looks = [] if seen is None else [_Look(seen)]
        self._home: tuple[float, Place] | None = None
        self._arrive(t_s, place)

    def compute_resemblance(self, seen: Appearance | None) -> float:
        """Compute how like the person somebody is; 1 is as usual, and so is somebody of whom too little is seen."""
        if seen is None or not self._looks:
            return 1.0
        return max(look.resemble(seen) for look in self._looks)

    def learn(self, t_s: float, found: Landmarks, seen: Appearance | None) -> None:
        """Take note of the person in one more frame."""
        dt_s = min(max(t_s - self.seen_s, 0.0), MAX_STEP_S)
        self.seen_s, self.place = t_s, Place.of(found)
        self._watch_place(t_s)
        if not self.settled:
            self._watch_wrists(t_s, found)
        if seen is None:
            return
        if not self._looks:
            self._looks.append(_Look(seen))
            return
        look = max(self._looks, key=lambda one: one.resemble(seen))
        resemblance = look.resemble(seen)
        share = dt_s / (LEARN_S if resemblance >= SURE else LEARN_SLOWLY_S)
        look.appearance = look.appearance.blend(seen, share)
        look.usual = max(MIN_USUAL, look.usual * (1 + share * (resemblance - 1)))

    def accept_look(self, seen: Appearance | None) -> None:
        """Learn a wholly new look: the coat is off, or the back has another colour."""
        if seen is not None:
            self._looks = [*self._looks[-MAX_LOOKS + 1 :], _Look(seen)]

    def get_home(self, t_s: float) -> Place | None:
        """Give the place that was left a moment ago after a longer stay."""
        if self._home is None or t_s - self._home[0] > HOME_S:
            return None
        return self._home[1]

    def _watch_place(self, t_s: float) -> None:
        """Notice when the person leaves their place."""
        if self._anchor.compute_distance(self.place) <= DWELL_RADII:
            return
        if self.settled and t_s - self._arrived_s >= DWELL_S:
            self._home = (t_s, self._anchor)
        self._arrive(t_s, self.place)

    def _arrive(self, t_s: float, place: Place) -> None:
        """Begin to watch the wrists at a new place."""
        self._arrived_s, self._anchor = t_s, place
        self._wrist_low = np.full((2, 2), np.inf)
        self._wrist_high = np.full((2, 2), -np.inf)

    def _watch_wrists(self, t_s: float, found: Landmarks) -> None:
        """Notice when a wrist has travelled against hips that stay: pictures on a wall and passers-by do not."""
        at = (found.keypoints_px[_WRISTS] - self.place.hips_px) / self.place.radius_px
        clear = (np.minimum(found.visibility, found.presence)[_WRISTS] > SAME)[:, None]
        self._wrist_low = np.where(clear, np.minimum(self._wrist_low, at), self._wrist_low)
        self._wrist_high = np.where(clear, np.maximum(self._wrist_high, at), self._wrist_high)
        moved = bool((self._wrist_high - self._wrist_low > MOVED_RADII).any())
        self.settled = moved and t_s - self._arrived_s >= DWELL_S
