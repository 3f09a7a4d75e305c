"""The phase machine on signals whose phases are known."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from unslouch.core.events import Phase
from unslouch.core.reps import CounterState, Levels, Sample, close_now, phase_now, step

LEVELS = Levels(full=85.0, count_from=40.0)
MAX_S = 12.0


def half_cosine(share):
    return 0.5 - 0.5 * np.cos(np.pi * share)


def ramp(share):
    return share


@dataclass
class Signal:
    """Segments of (duration, value at the end), eased; sampled at any rate."""

    ease: object = half_cosine
    value: float = 0.0
    t_s: float = 0.0

    def __post_init__(self):
        self.segments = []

    def to(self, value, duration_s):
        self.segments.append((self.t_s, self.t_s + duration_s, self.value, value))
        self.value, self.t_s = value, self.t_s + duration_s
        return self

    def stay(self, duration_s):
        return self.to(self.value, duration_s)

    def rep(self, top=100.0, *, up_s=1.5, hold_s=0.5, down_s=2.0, rest_s=0.6):
        return self.to(top, up_s).stay(hold_s).to(0.0, down_s).stay(rest_s)

    def samples(self, fps=30.0, noise=0.0, seed=0):
        rng = np.random.default_rng(seed)
        times = np.arange(0.0, self.t_s, 1 / fps)
        return [Sample(float(t), float(self.at(t) + rng.normal(0, noise))) for t in times]

    def at(self, t_s):
        start, end, a, b = next(s for s in reversed(self.segments) if s[0] <= t_s + 1e-12)
        return a + (b - a) * self.ease(min((t_s - start) / max(end - start, 1e-9), 1.0))


def count(samples, levels=LEVELS, max_s=MAX_S):
    """Return each span with the time at which it was known."""
    state, found = CounterState(), []
    for sample in samples:
        span = step(state, sample, levels, max_s)
        if span:
            found.append((sample.t_s, span))
    return found


def hide(samples, start_s, end_s):
    return [replace(s, value=math.nan) if start_s <= s.t_s < end_s else s for s in samples]


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize(
    ("up_s", "hold_s", "down_s"), [(1.5, 0.5, 2.0), (0.8, 0.3, 0.8), (2.5, 1.5, 3.0), (1.0, 0.2, 3.0)]
)
def test_phases_of_a_smooth_repetition(up_s, hold_s, down_s, fps):
    signal = Signal().stay(1.0).rep(up_s=up_s, hold_s=hold_s, down_s=down_s)
    ((known_s, span),) = count(signal.samples(fps))
    wanted = (1.0, 1.0 + up_s, 1.0 + up_s + hold_s, 1.0 + up_s + hold_s + down_s)
    assert (span.start_s, span.peak_s) == pytest.approx(wanted[:2], abs=0.05)
    # A slow release is taken for done a little before its end, so that the number is not late.
    assert (span.hold_end_s, span.end_s) == pytest.approx(wanted[2:], abs=0.05 if down_s <= 2 else 0.15)
    assert (span.base, span.top, span.low) == pytest.approx((0, 100, 0), abs=6.0)
    assert (span.lost_fraction, span.lost_top) == (0.0, False)
    assert span.end_s - 0.4 < known_s < span.end_s + 0.3


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_at_a_constant_speed_both_ways_are_stretched_alike(fps):
    ((_, span),) = count(Signal(ramp).stay(1.0).rep(up_s=1.5, hold_s=1.0, down_s=2.0).samples(fps))
    # The half cosine that is laid through a ramp begins before it and ends after it.
    concentric_s, eccentric_s = span.peak_s - span.start_s, span.end_s - span.hold_end_s
    assert 1.0 <= concentric_s / 1.5 < 1.45
    assert eccentric_s / concentric_s == pytest.approx(2.0 / 1.5, rel=0.05)
    assert (span.start_s + span.peak_s) / 2 == pytest.approx(1.75, abs=0.06)
    assert (span.hold_end_s + span.end_s) / 2 == pytest.approx(4.5, abs=0.06)


def test_without_a_hold_the_top_is_one_moment():
    ((_, span),) = count(Signal().stay(1.0).rep(hold_s=0.0).samples())
    assert 0 <= span.hold_end_s - span.peak_s < 0.15
    assert span.peak_s == pytest.approx(2.5, abs=0.08)


@pytest.mark.parametrize("noise", [1.0, 2.0])
def test_noise_moves_the_times_little(noise):
    signal = Signal().stay(1.0).rep().rep().rep()
    spans = [span for _, span in count(signal.samples(noise=noise, seed=3))]
    assert [s.start_s for s in spans] == pytest.approx([1.0, 5.6, 10.2], abs=0.15)
    assert [s.end_s for s in spans] == pytest.approx([5.0, 9.6, 14.2], abs=0.2)


def test_uneven_frame_times_do_not_matter():
    signal = Signal().stay(1.0).rep()
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.uniform(0.01, 0.09, 200))
    ((_, span),) = count([Sample(float(t), float(signal.at(t))) for t in times[times < signal.t_s]])
    assert (span.start_s, span.peak_s, span.hold_end_s, span.end_s) == pytest.approx((1.0, 2.5, 3.0, 5.0), abs=0.06)


def test_the_phase_of_a_moment():
    ((_, span),) = count(Signal().stay(1.0).rep().samples())
    assert [span.phase_at(t) for t in (0.5, 1.8, 2.8, 4.0, 5.5)] == [
        Phase.REST,
        Phase.CONCENTRIC,
        Phase.HOLD,
        Phase.ECCENTRIC,
        Phase.REST,
    ]


def test_the_phase_is_known_while_it_happens():
    state, seen = CounterState(), {}
    for sample in Signal().stay(1.0).rep(hold_s=1.0).samples():
        step(state, sample, LEVELS, MAX_S)
        seen[round(sample.t_s, 2)] = phase_now(state)
    times = (0.5, 1.9, 3.2, 4.6, 5.95)
    assert [seen[min(seen, key=lambda t, want=want: abs(t - want))] for want in times] == [
        Phase.REST,
        Phase.CONCENTRIC,
        Phase.HOLD,
        Phase.ECCENTRIC,
        Phase.REST,
    ]


# --- what is one repetition -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest_s", [0.0, 0.2, 2.0])
def test_repetitions_are_counted_whatever_the_rest(rest_s):
    signal = Signal().stay(1.0)
    for _ in range(5):
        signal.rep(rest_s=rest_s)
    assert len(count(signal.stay(1.0).samples())) == 5


def test_two_repetitions_without_a_full_return():
    signal = Signal().stay(1.0).to(100, 1.2).to(35, 1.0).to(100, 1.2).to(0, 1.5).stay(1.0)
    (_, first), (_, second) = count(signal.samples())
    assert first.end_s == pytest.approx(3.2, abs=0.1)
    assert second.start_s == pytest.approx(3.2, abs=0.1)
    assert (first.low, second.base) == pytest.approx((35, 35), abs=3)


def test_a_wobble_at_the_top_is_one_repetition():
    signal = Signal().stay(1.0).to(100, 1.2).to(70, 0.5).to(98, 0.5).stay(0.3).to(0, 1.5).stay(1.0)
    ((_, span),) = count(signal.samples())
    assert span.start_s == pytest.approx(1.0, abs=0.1)
    assert span.end_s == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize("pause_s", [0.5, 1.5, 3.0])
def test_a_pause_halfway_up_or_down_is_one_repetition(pause_s):
    for halves in (
        [(50, 0.8), (50, pause_s), (100, 0.8), (100, 0.4), (0, 1.5)],
        [(100, 1.2), (100, 0.4), (60, 0.7), (60, pause_s), (0, 1.0)],
    ):
        signal = Signal().stay(1.0)
        for value, duration_s in halves:
            signal.to(value, duration_s)
        assert len(count(signal.stay(1.0).samples())) == 1


def test_a_release_that_stops_short_ends_all_the_same():
    signal = Signal().stay(1.0).to(100, 1.2).stay(0.3).to(30, 1.2).stay(2.0)
    ((known_s, span),) = count(signal.samples())
    assert known_s < 3.7 + 1.2
    assert span.low == pytest.approx(30, abs=2)


@pytest.mark.parametrize("top", [10, 25, 35])
def test_too_small_a_movement_is_none(top):
    assert count(Signal().stay(1.0).rep(top=top).rep(top=top).stay(1.0).samples()) == []


@pytest.mark.parametrize("top", [45, 60, 84])
def test_a_short_movement_is_a_movement(top):
    ((_, span),) = count(Signal().stay(1.0).rep(top=top).samples())
    assert span.top == pytest.approx(top, abs=2)


def test_a_small_movement_does_not_hide_the_next():
    signal = Signal().stay(1.0).rep(top=30).rep().rep(top=20).rep().stay(0.5)
    assert [round(span.top) for _, span in count(signal.samples())] == pytest.approx([100, 100], abs=2)


def test_noise_at_rest_and_a_slow_drift_are_nothing():
    assert count(Signal().stay(20.0).samples(noise=4.0)) == []
    assert count(Signal().to(20, 10.0).to(0, 10.0).samples(noise=1.0)) == []


def test_what_takes_too_long_is_forgotten_and_the_next_one_counts():
    held = Signal().stay(1.0).to(100, 1.5).stay(15.0).to(0, 1.5).stay(2.0).rep()
    ((_, span),) = count(held.samples())
    assert span.start_s == pytest.approx(21.0, abs=0.1)


def test_a_long_repetition_below_the_limit_counts():
    ((_, span),) = count(Signal().stay(1.0).rep(up_s=4.0, hold_s=2.0, down_s=5.0).samples())
    assert span.end_s - span.start_s == pytest.approx(11.0, rel=0.07)


def test_it_must_leave_from_the_start_position():
    away = [replace(s, at_start=False) for s in Signal().stay(1.0).rep().samples()]
    assert count(away) == []


def test_the_start_may_be_left_as_the_movement_begins():
    samples = [replace(s, at_start=s.value < 15) for s in Signal().stay(1.0).rep().rep().samples()]
    assert len(count(samples)) == 2


def test_a_slack_release_is_followed_to_its_end():
    signal = Signal().stay(1.0).to(100, 1.5).stay(0.5).to(-25, 2.4).stay(0.4).to(0, 0.6).stay(0.5)
    ((_, span),) = count(signal.samples())
    assert span.low == pytest.approx(-25, abs=3)


def test_every_slack_release_of_a_set_is_followed_to_its_end():
    signal = Signal().stay(1.0)
    for _ in range(3):
        signal.to(100, 1.5).stay(0.5).to(-25, 2.4).stay(0.2)
    spans = [span for _, span in count(signal.stay(1.0).samples())]
    assert [span.low for span in spans] == pytest.approx([-25] * 3, abs=6)


def test_letting_go_after_the_last_one_does_not_wait_for_long():
    signal = Signal().stay(1.0).to(100, 1.5).stay(0.5).to(-80, 2.0).stay(3.0)
    ((known_s, _),) = count(signal.samples())
    assert known_s < 5.5


def test_stopping_ends_what_is_mostly_back():
    samples = Signal().stay(1.0).rep().samples()
    for cut_s, counted in ((2.6, False), (3.6, False), (4.6, True)):
        state = CounterState()
        early = [s for s in samples if s.t_s <= cut_s]
        assert [step(state, s, LEVELS, MAX_S) for s in early] == [None] * len(early)
        assert (close_now(state, LEVELS) is not None) is counted
    assert close_now(CounterState(), LEVELS) is None


# --- what was not seen ------------------------------------------------------------------------------------------------


def test_nothing_seen_is_no_repetition():
    assert count(hide(Signal().stay(1.0).rep().samples(), 0, 99)) == []


@pytest.mark.parametrize(("hidden_s", "start_s"), [(0.4, 1.7), (0.8, 1.5), (1.6, 3.2)])
def test_the_hidden_share_is_told(hidden_s, start_s):
    ((_, span),) = count(hide(Signal().stay(1.0).rep().samples(), start_s, start_s + hidden_s))
    assert span.lost_fraction == pytest.approx(hidden_s / 4.0, abs=0.05)


def test_a_hidden_top_is_told():
    ((_, span),) = count(hide(Signal().stay(1.0).rep().samples(), 2.1, 3.2))
    assert span.lost_top
    ((_, span),) = count(hide(Signal().stay(1.0).rep().samples(), 1.2, 2.0))
    assert not span.lost_top


@pytest.mark.parametrize("lost", ["points", "frames"])
@pytest.mark.parametrize("margin_s", [0.0, 0.3])
def test_a_movement_whose_top_was_lost_is_one_that_was_not_seen(lost, margin_s):
    """It may have been a full one, whether the hand was hidden or the frames never came."""
    start_s, end_s = 1.75 - margin_s, 4.0 + margin_s
    samples = Signal().stay(1.0).rep().rep().samples()
    if lost == "points":
        samples = hide(samples, start_s, end_s)
    else:
        samples = [s for s in samples if not start_s <= s.t_s < end_s]
    spans = [span for _, span in count(samples)]
    assert [(span.lost_top, span.top > 90) for span in spans] in ([(True, False), (False, True)], [(False, True)])


@pytest.mark.parametrize("gap_s", [0.05, 0.15])
def test_a_few_frames_that_never_came_cost_nothing(gap_s):
    samples = [s for s in Signal().stay(1.0).rep().samples(60) if not 2.4 <= s.t_s < 2.4 + gap_s]
    ((_, span),) = count(samples)
    assert (span.lost_fraction, span.lost_top) == (0.0, False)


def test_single_lost_frames_cost_nothing():
    samples = [
        replace(s, value=math.nan) if i % 5 == 0 else s for i, s in enumerate(Signal().stay(1.0).rep().samples())
    ]
    ((_, span),) = count(samples)
    assert (span.start_s, span.end_s) == pytest.approx((1.0, 5.0), abs=0.06)
    assert span.lost_fraction < 0.25
    assert not span.lost_top


def test_what_was_before_a_long_gap_is_not_the_start_of_what_comes_after():
    # Seen again at the top: where the movement left from is not known.
    samples = hide(Signal().stay(1.0).rep(hold_s=4.0).samples(), 0.9, 4.0)
    assert count(samples) == []
