"""Smoothing: what is not seen stays so, rest is calm, movement is not delayed, a gap starts afresh."""

import math

import numpy as np
import pytest

from unslouch.core.filtering import RESET_AFTER_S, slow_mean, smooth

POINTS = {"min_cutoff_hz": 3.0, "beta": 6.0 / 100}


def run(samples, fps=30.0, **settings):
    state, out = None, []
    for i, sample in enumerate(samples):
        state, value = smooth(state, i / fps, np.asarray(sample, float), **(settings or POINTS))
        out.append(value)
    return np.array(out)


def test_a_constant_stays_what_it_is():
    np.testing.assert_allclose(run([[120.0, -3.0]] * 40), [[120.0, -3.0]] * 40, atol=1e-9)


def test_what_is_not_seen_stays_so_and_nothing_else_becomes_so():
    rng = np.random.default_rng(0)
    samples = rng.normal(100, 5, (80, 4))
    samples[rng.random(samples.shape) < 0.3] = np.nan
    samples[0] = [np.nan, 1.0, np.nan, 2.0]
    np.testing.assert_array_equal(np.isnan(run(samples)), np.isnan(samples))


def test_jitter_at_rest_shrinks():
    noise = np.random.default_rng(1).normal(0, 1.0, 300)
    smoothed = run(200 + noise[:, None])[30:, 0]
    assert smoothed.std() < 0.6 * noise.std()
    assert smoothed.mean() == pytest.approx(200, abs=0.2)


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_the_lag_of_a_pull_is_short(fps):
    t_s = np.arange(0, 1.5, 1 / fps)
    pull = 150 * (0.5 - 0.5 * np.cos(np.pi * np.clip(t_s, 0, 1.2) / 1.2))
    smoothed = run(pull[:, None], fps)[:, 0]
    lags_s = [np.interp(level, smoothed, t_s) - np.interp(level, pull, t_s) for level in (30, 75, 120)]
    assert max(lags_s) < 0.07


def test_the_same_speed_is_followed_alike_at_any_frame_rate():
    def at_one_second(fps):
        t_s = np.arange(0, 1.0 + 1e-9, 1 / fps)
        return run((100 * t_s)[:, None], fps)[-1, 0]

    assert at_one_second(20) == pytest.approx(at_one_second(60), abs=1.5)


def test_after_a_long_gap_the_new_place_counts_at_once():
    fps, hidden = 30.0, int(RESET_AFTER_S * 30) + 3
    smoothed = run([[10.0]] * 20 + [[np.nan]] * hidden + [[300.0]] * 3, fps)
    np.testing.assert_allclose(smoothed[-3:], 300.0)


def test_a_blink_does_not_start_afresh():
    smoothed = run([[10.0]] * 20 + [[np.nan]] * 3 + [[30.0]])
    assert 10.0 < smoothed[-1, 0] < 30.0


def test_one_point_that_is_lost_leaves_the_others_alone():
    both = np.stack([np.linspace(0, 50, 60), np.linspace(0, 80, 60)], axis=1)
    with_gap = both.copy()
    with_gap[20:50, 0] = np.nan
    np.testing.assert_array_equal(run(with_gap)[:, 1], run(both)[:, 1])


def test_the_state_that_came_in_is_not_changed():
    state, _ = smooth(None, 0.0, np.array([1.0]), **POINTS)
    first = smooth(state, 0.1, np.array([5.0]), **POINTS)[1]
    again = smooth(state, 0.1, np.array([5.0]), **POINTS)[1]
    assert first == again


def follow(samples, tau_s, fps=30.0):
    state = None
    for i, sample in enumerate(samples):
        state = slow_mean(state, i / fps, sample, tau_s=tau_s)
    return state


def test_a_slow_mean_settles_at_once_on_a_noisy_start():
    noise = np.random.default_rng(2).normal(0, 10, 45)
    assert follow(100 + noise, tau_s=3.0).value == pytest.approx(100 + noise[1:].mean(), abs=1.0)


def test_a_slow_mean_follows_in_its_own_time():
    value = follow([0.0] * 300 + [100.0] * 30, tau_s=1.0).value
    assert value == pytest.approx(100 * (1 - math.exp(-1)), abs=3)


def test_a_slow_mean_keeps_what_it_knows_while_nothing_is_seen():
    assert follow([7.0] * 30 + [math.nan] * 60, tau_s=1.0).value == pytest.approx(7.0)
    assert follow([math.nan] * 5, tau_s=1.0) is None


def test_a_slow_mean_forgets_what_is_long_ago():
    state = slow_mean(follow([7.0] * 30, tau_s=1.0), 100.0, 50.0, tau_s=1.0)
    assert state.value == 50.0
