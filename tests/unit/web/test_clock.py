"""The capture clock of a set only grows, whatever the source's clock does."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unslouch.web.clock import STEP_S, CaptureClock

TIMES_MS = st.lists(st.one_of(st.floats(-1e12, 1e12), st.just("restart")), min_size=1, max_size=50)


def test_intervals_are_the_sources_own():
    clock = CaptureClock()
    assert [clock.compute_t_s(t) for t in (5000.0, 5033.0, 5100.0)] == pytest.approx([0.0, 0.033, 0.1])


def test_a_clip_that_starts_over_goes_on():
    clock = CaptureClock()
    assert [clock.compute_t_s(t) for t in (0.0, 900.0, 0.0, 40.0)] == pytest.approx(
        [0, 0.9, 0.9 + STEP_S, 0.94 + STEP_S]
    )


@given(TIMES_MS)
def test_time_always_grows(times_ms):
    clock, seen_s = CaptureClock(), []
    for t_ms in times_ms:
        if t_ms == "restart":
            clock.restart()
        else:
            seen_s.append(clock.compute_t_s(t_ms))
    assert all(b > a for a, b in pairwise(seen_s))
    assert not seen_s or clock.last_s == seen_s[-1]
