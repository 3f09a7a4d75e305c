"""What is drawn into a recording can be told from any background, at any size."""

import numpy as np
import pytest

from unslouch.analysis import Account, Moment
from unslouch.core.events import LiveStatus, Phase, RepCompleted, Side, SideStatus, SpeechKind, Spoken, Verdict
from unslouch.core.pose import nobody
from unslouch.exports.annotate import BONE, CALM, GREY, INK, WARM, _Board, _fit
from unslouch.ports import Frame
from unslouch.session import Outcome
from unslouch.testing.coach import make_exercise, make_rep
from unslouch.testing.performing import perform

ACCOUNT = Account(make_exercise(), Outcome(), [], True)


def picture(colour, size=(640, 480)):
    return np.full((size[1], size[0], 3), colour, np.uint8)


def drawn(events=(), colour=(60, 90, 120), size=(640, 480), pose=None, status=None):
    board = _Board(ACCOUNT)
    frame = Frame(1.0, picture(colour, size))
    moment = Moment(status or LiveStatus(1.0), tuple(events))
    return board.draw(frame, pose or nobody(1.0, size), moment), frame.image_bgr


def ended(verdict):
    return RepCompleted(1.0, make_rep(1, verdict=verdict))


@pytest.mark.parametrize("background", [BONE, INK, CALM, WARM, GREY, (70, 110, 160)])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_mark_stands_out_from_any_background(verdict, background):
    with_mark = drawn([ended(verdict)], background)[0][430:446, 12:28].astype(int)
    difference = np.abs(with_mark - np.array(background)).max(axis=2)
    assert (difference > 40).sum() > 15


def test_each_verdict_has_its_own_mark():
    marks = [drawn([ended(verdict)])[0][428:448, 10:30].astype(int) for verdict in Verdict]
    for i, one in enumerate(marks):
        for other in marks[i + 1 :]:
            assert np.abs(one - other).max() > 60


def test_what_is_said_is_written_and_a_tick_is_not():
    plain = drawn()[0]
    said = drawn([Spoken(1.0, SpeechKind.CUE, "Elbow in.")])[0]
    assert (said[440:470] != plain[440:470]).any()
    np.testing.assert_array_equal(drawn([Spoken(1.0, SpeechKind.TICK, "")])[0], plain)


def test_the_range_bar_fills():
    def green(share):
        status = LiveStatus(1.0, sides={Side.BOTH: SideStatus(Phase.CONCENTRIC, share)})
        return (drawn(status=status)[0] == np.array(CALM)).all(axis=2).sum()

    assert 0 < green(0.2) < green(0.6) < green(1.0)


def test_the_skeleton_is_drawn_on_a_copy():
    exercise = make_exercise()
    pose = perform(exercise, [], fps=10)[1][0]
    image, original = drawn(pose=pose)
    assert (image != drawn()[0]).any()
    assert (original == original[0, 0]).all()


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((641, 481), (640, 480)), ((7680, 4320), (1920, 1080)), ((1, 1), (2, 2)), ((640, 480), (640, 480))],
)
def test_sizes_are_even_and_not_larger_than_needed(size, wanted):
    height, width = _fit(picture(0, size)).shape[:2]
    assert (width, height) == wanted


@pytest.mark.parametrize("size", [(16, 16), (320, 64), (64, 320), (1920, 1080)])
def test_any_size_can_be_drawn_on(size):
    events = [ended(Verdict.GOOD), Spoken(1.0, SpeechKind.CUE, "Shoulders down, away from your ears.")]
    assert drawn(events, size=size)[0].shape == (size[1], size[0], 3)
