"""Steadies the two alignment points, so that the region does not tremble with every frame."""

from __future__ import annotations

import math

import numpy as np

from unslouch.core.pose import FloatArray

MIN_CUTOFF_HZ = 0.01
SPEED_WEIGHT = 10.0
SPEED_CUTOFF_HZ = 1.0


def compute_share(cutoff_hz: FloatArray | float, dt_s: float) -> FloatArray:
    """Compute how much of a new value a low-pass filter takes over after `dt_s`."""
    return np.asarray(1.0 / (1.0 + 1.0 / (2 * math.pi * np.asarray(cutoff_hz) * dt_s)))


class AlignmentFilter:
    """A One-Euro filter in body sizes: still points are held, fast ones followed.

    Part of the network's feedback loop, with the constants it was made for; not a filter of what is reported.
    """

    def __init__(self) -> None:
        self._t_s: float | None = None
        self._raw = self._value = self._speed = np.zeros((2, 2))

    def reset(self) -> None:
        """Forget what was seen."""
        self._t_s = None

    def step(self, t_s: float, alignment_px: FloatArray) -> FloatArray:
        """Take one pair of points, (2, 2) px; give the steadied pair.

        A time that does not grow leaves the last pair as it is.
        """
        if self._t_s is None:
            self._t_s, self._speed = t_s, np.zeros_like(alignment_px)
            self._raw = self._value = alignment_px
            return alignment_px
        dt_s = t_s - self._t_s
        if dt_s <= 0:
            return self._value
        body_px = max(2 * float(np.hypot(*(alignment_px[1] - alignment_px[0]))), 1e-6)
        share = compute_share(SPEED_CUTOFF_HZ, dt_s)
        self._speed = share * (alignment_px - self._raw) / (body_px * dt_s) + (1 - share) * self._speed
        share = compute_share(MIN_CUTOFF_HZ + SPEED_WEIGHT * np.abs(self._speed), dt_s)
        self._value = share * alignment_px + (1 - share) * self._value
        self._raw, self._t_s = alignment_px, t_s
        return self._value
