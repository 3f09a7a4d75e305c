"""One person is picked and kept, in a painted room with networks that see exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from painted_people import HEIGHT_PX, SKIN, WIDTH_PX, Person, Room, paint, see

from unslouch.core.pose import Keypoint
from unslouch.estimators.blazepose import BlazePose, LockSettings
from unslouch.estimators.blazepose.appearance import compute_likeness, describe
from unslouch.ports import Frame

RED, BLUE, GREEN = (50, 50, 190), (170, 90, 40), (70, 150, 60)
ANNA = Person(160, RED)
BEN = Person(160, BLUE, radius_px=110)
FPS = 30


class Watch:
    """An estimator that watches the room, at 30 frames a second."""

    def __init__(self, monkeypatch, lock: LockSettings | None = None) -> None:
        self.room = Room()
        monkeypatch.setattr("unslouch.estimators.blazepose.tracker.Detector", lambda *_: self.room)
        monkeypatch.setattr("unslouch.estimators.blazepose.tracker.Landmarker", lambda *_: self.room)
        self.estimator = BlazePose("detector", "landmarker", lock=lock)
        self.t_s = 0.0
        self.light = 1.0

    def see(self, *people: Person) -> float | None:
        """Show one frame; say where the reported person's hips are, x px, or None for nobody."""
        self.room.people = list(people)
        pose = self.estimator.estimate(Frame(self.t_s, paint(list(people), self.light)))
        self.t_s += 1 / FPS
        if not pose.somebody:
            return None
        return float(pose.keypoints_px[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0].mean())

    def watch(self, seconds: float, *people: Person) -> list[float | None]:
        """Show the same for a while; the hands of the first person wave."""
        first, *others = people or (None,)
        seen = []
        for i in range(round(seconds * FPS)):
            moving = [] if first is None else [replace(first, hands_out=0.1 + 0.1 * np.sin(i / 4))]
            seen.append(self.see(*moving, *others))
        return seen


@pytest.fixture
def watch(monkeypatch):
    return Watch(monkeypatch)


def test_a_person_is_found_once_and_then_followed(watch):
    assert watch.watch(0.4, ANNA)[-1] == pytest.approx(160)
    for x_px in np.linspace(160, 220, 60):
        assert watch.see(ANNA.moved_to(x_px)) == pytest.approx(x_px)
    assert watch.room.detections < 6


def test_the_larger_and_more_central_person_is_picked(watch):
    small_behind = Person(60, BLUE, radius_px=50)
    assert watch.see(small_behind, ANNA) == pytest.approx(160)


def test_a_size_alone_at_the_edge_is_not_the_main_person(watch):
    at_the_edge = Person(305, BLUE, radius_px=115)
    assert watch.see(at_the_edge, ANNA) == pytest.approx(160)


@pytest.mark.parametrize("speed_px_s", [160, 320])
def test_somebody_who_crosses_in_front_is_never_reported(watch, speed_px_s):
    watch.watch(2.0, ANNA)
    for x_px in np.arange(-60, 380, speed_px_s / FPS):
        seen = watch.see(ANNA, BEN.moved_to(x_px))
        assert seen is None or seen == pytest.approx(160)
    assert watch.see(ANNA) == pytest.approx(160)


def test_somebody_who_stands_in_front_for_two_seconds_pauses_the_report(watch):
    watch.watch(2.0, ANNA)
    assert set(watch.watch(2.0, ANNA, BEN)) == {None}
    assert watch.watch(0.2, ANNA)[-1] == pytest.approx(160)


def test_a_twin_who_carries_the_region_off_is_left_soon(watch):
    watch.watch(2.0, ANNA)
    watch.room.blind_to = ANNA
    for x_px in np.linspace(160, 190, 6):
        watch.see(ANNA, ANNA.moved_to(x_px))
    watch.room.blind_to = None
    seen = [watch.see(ANNA, ANNA.moved_to(x_px)) for x_px in np.linspace(195, 300, 20)]
    assert seen[-1] == pytest.approx(160)
    assert sum(x_px != pytest.approx(160) for x_px in seen) <= 8


def test_a_person_who_walks_away_is_followed(watch):
    watch.watch(2.0, ANNA)
    for x_px in np.linspace(160, 260, 30):
        assert watch.see(ANNA.moved_to(x_px)) == pytest.approx(x_px)


def test_the_other_one_is_not_taken_when_the_person_leaves(watch):
    watch.watch(2.0, ANNA, BEN.moved_to(270))
    assert set(watch.watch(6.0, BEN.moved_to(270))) == {None}
    assert watch.watch(0.2, ANNA.moved_to(120), BEN.moved_to(270))[-1] == pytest.approx(120)


def test_a_person_who_left_is_forgotten_and_the_next_one_may_start(watch):
    watch.watch(2.0, ANNA)
    assert set(watch.watch(9.5, BEN.moved_to(270))) == {None}
    assert watch.watch(1.0, BEN.moved_to(270))[-1] == pytest.approx(270)


def test_how_long_a_person_is_remembered_can_be_chosen(monkeypatch):
    watch = Watch(monkeypatch, LockSettings(forget_s=3.0))
    watch.watch(2.0, ANNA)
    assert set(watch.watch(2.5, BEN.moved_to(270))) == {None}
    assert watch.watch(1.0, BEN.moved_to(270))[-1] == pytest.approx(270)


def test_the_lamp_may_go_off_and_on(watch):
    watch.watch(2.0, ANNA)
    before = watch.room.detections
    for light in (0.45, 1.0, 0.7):
        watch.light = light
        assert watch.watch(0.5, ANNA) == pytest.approx([160] * 15)
    assert watch.room.detections == before


def test_a_coat_taken_off_is_accepted_after_a_while(watch):
    watch.watch(2.0, ANNA)
    in_green = replace(ANNA, shirt=GREEN)
    seen = watch.watch(7.0, in_green)
    assert seen[1] is None
    assert seen[-1] == pytest.approx(160)
    assert watch.see(ANNA) == pytest.approx(160)


def test_a_poster_gives_way_to_the_person_who_moves(watch):
    poster = Person(150, GREEN, radius_px=90)
    watch.see(poster)
    lively = Person(260, RED, radius_px=85)
    seen = watch.watch(5.0, lively, poster)
    assert seen[0] == pytest.approx(150)
    assert seen[-1] == pytest.approx(260)


def test_a_person_who_has_moved_is_kept_though_somebody_larger_comes(watch):
    watch.watch(2.0, ANNA.moved_to(90))
    large = Person(230, BLUE, radius_px=118)
    assert watch.watch(4.0, ANNA.moved_to(90), large)[-1] == pytest.approx(90)


def test_a_larger_person_is_preferred_until_the_first_has_settled(watch):
    watch.see(Person(40, BLUE, radius_px=70))
    assert watch.watch(2.5, ANNA, Person(40, BLUE, radius_px=70))[-1] == pytest.approx(160)


def test_a_walker_who_was_seen_first_does_not_block_the_person(watch):
    for i, x_px in enumerate(np.linspace(20, 300, 60)):
        watch.see(replace(BEN.moved_to(x_px), hands_out=0.1 * np.sin(i / 3)))
    assert watch.watch(3.0, ANNA)[-1] == pytest.approx(160)


def test_an_empty_room_is_nobody(watch):
    assert set(watch.watch(0.5)) == {None}


def test_another_size_of_frame_starts_anew(watch):
    watch.watch(0.5, ANNA)
    before = watch.room.detections
    image = np.zeros((HEIGHT_PX * 2, WIDTH_PX * 2, 3), np.uint8)
    pose = watch.estimator.estimate(Frame(watch.t_s, image))
    assert watch.room.detections == before + 1
    assert pose.size_px == (WIDTH_PX * 2, HEIGHT_PX * 2)


def test_time_that_jumps_back_is_another_recording(watch):
    watch.watch(2.0, ANNA)
    watch.t_s = 0.0
    assert watch.see(BEN) == pytest.approx(160)


def test_reset_forgets_the_person(watch):
    watch.watch(2.0, ANNA)
    watch.estimator.reset()
    assert watch.see(BEN) == pytest.approx(160)


def test_closing_twice_does_no_harm(watch):
    watch.see(ANNA)
    watch.estimator.close()
    watch.estimator.close()


def dress(person: Person, *others: Person, light: float = 1.0):
    return describe(paint([person, *others], light), see(person))


def test_clothes_tell_people_apart_and_light_does_not():
    known = dress(ANNA)
    assert compute_likeness(known, known) == pytest.approx(1)
    assert compute_likeness(dress(ANNA.moved_to(90), light=0.5), known) > 0.75
    assert compute_likeness(dress(replace(ANNA, shirt=BLUE)), known) < 0.45


def test_own_arms_in_front_of_the_trunk_are_explained():
    known = dress(ANNA)
    image = paint([ANNA])
    image[80:110, 140:180] = SKIN
    crossed = compute_likeness(describe(image, see(ANNA)), known)
    image[80:110, 140:180] = BLUE
    covered = compute_likeness(describe(image, see(ANNA)), known)
    assert crossed > 0.8
    assert covered < crossed - 0.1


def test_too_little_of_a_body_in_the_frame_says_nothing():
    assert describe(paint([ANNA]), see(ANNA.moved_to(-200))) is None
