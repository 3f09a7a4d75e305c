"""One growing capture clock for a set, whatever happens to the camera."""

from __future__ import annotations

STEP_S = 1 / 30
"""How far a new timeline starts behind the last frame of the old one."""


class CaptureClock:
    """Joins timelines end to end, so that a pause, a new camera or a clip that starts over is no time at all."""

    def __init__(self) -> None:
        self._origin_ms: float | None = None
        self._offset_s = 0.0
        self._last_s: float | None = None

    @property
    def last_s(self) -> float:
        """The latest time given out, s; 0 before the first."""
        return self._last_s or 0.0

    def restart(self) -> None:
        """Start a new timeline at the next frame."""
        self._origin_ms = None

    def compute_t_s(self, t_ms: float) -> float:
        """Convert the source's capture time, ms, to the set's own clock, s; always later than the one before."""
        if self._origin_ms is not None and self._offset_s + (t_ms - self._origin_ms) / 1e3 <= self.last_s:
            self.restart()
        if self._origin_ms is None:
            self._origin_ms = t_ms
            self._offset_s = 0.0 if self._last_s is None else self._last_s + STEP_S
        self._last_s = self._offset_s + (t_ms - self._origin_ms) / 1e3
        return self._last_s
