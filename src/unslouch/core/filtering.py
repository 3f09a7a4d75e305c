"""Smoothing of noisy series by their capture times; a gap stays a gap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from unslouch.core.pose import FloatArray

RESET_AFTER_S = 0.4
"""A point unseen for longer starts afresh: what it did meanwhile is not known."""


@dataclass(slots=True)
class OneEuroState:
    """Where the filter is; all arrays share one shape."""

    t_s: float
    seen_s: FloatArray
    raw: FloatArray
    value: FloatArray
    slope: FloatArray


def smooth(
    state: OneEuroState | None,
    t_s: float,
    sample: FloatArray,
    *,
    min_cutoff_hz: float,
    beta: float | FloatArray,
    slope_cutoff_hz: float = 2.0,
) -> tuple[OneEuroState, FloatArray]:
    """Smooth one sample: little lag when it moves, little jitter when it rests.

    Parameters
    ----------
    state : the state that the last call returned, None at first.
    t_s : capture time, s; must grow.
    sample : (...) float, any unit; NaN = not seen.
    min_cutoff_hz : cutoff at rest.
    beta : cutoff gained per unit of speed, Hz per unit/s; one, or one per last axis.
    slope_cutoff_hz : cutoff of the speed estimate.

    Returns
    -------
    The new state, and the smoothed sample; NaN exactly where `sample` is NaN.

    Notes
    -----
    Source: Casiez 2012, One-Euro filter.
    """
    seen = np.isfinite(sample)
    if state is None:
        return OneEuroState(t_s, np.where(seen, t_s, -math.inf), sample, sample, np.zeros_like(sample)), sample
    dt_s = max(t_s - state.t_s, 1e-6)
    fresh = seen & (t_s - state.seen_s > RESET_AFTER_S)
    slope = (sample - state.raw) / np.maximum(t_s - state.seen_s, dt_s)
    slope = state.slope + _alpha(slope_cutoff_hz, dt_s) * (slope - state.slope)
    cutoff_hz = min_cutoff_hz + beta * np.abs(slope)
    weight = 1.0 / (1.0 + 1.0 / (2 * math.pi * cutoff_hz * dt_s))
    value = state.value + weight * (sample - state.value)
    value = np.where(fresh, sample, value)
    slope = np.where(fresh, 0.0, slope)
    new = OneEuroState(
        t_s,
        np.where(seen, t_s, state.seen_s),
        np.where(seen, sample, state.raw),
        np.where(seen, value, state.value),
        np.where(seen, slope, state.slope),
    )
    return new, np.where(seen, value, np.nan)


def _alpha(cutoff_hz: float, dt_s: float) -> float:
    return 1.0 / (1.0 + 1.0 / (2 * math.pi * cutoff_hz * dt_s))


@dataclass(slots=True)
class SlowState:
    """A slow mean and when it was last fed."""

    t_s: float
    value: float
    fed_s: float = 0.0


def slow_mean(state: SlowState | None, t_s: float, sample: float, *, tau_s: float) -> SlowState | None:
    """Follow a quantity that changes slowly; NaN leaves it as it is.

    The first `tau_s` seconds are a plain mean, so that it settles at once.
    """
    if not math.isfinite(sample):
        return state
    if state is None:
        return SlowState(t_s, sample)
    dt_s = max(t_s - state.t_s, 0.0)
    if dt_s > 4 * tau_s:
        return SlowState(t_s, sample)
    fed_s = state.fed_s + dt_s
    weight = dt_s / max(min(fed_s, tau_s), dt_s, 1e-9)
    return SlowState(t_s, state.value + weight * (sample - state.value), fed_s)
