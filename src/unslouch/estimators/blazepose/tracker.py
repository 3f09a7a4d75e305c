"""The estimator: find a person, then follow them, and only them, from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from unslouch.core.pose import PoseFrame, nobody
from unslouch.estimators.blazepose.appearance import Appearance, describe
from unslouch.estimators.blazepose.detector import Candidate, Detector
from unslouch.estimators.blazepose.geometry import Region
from unslouch.estimators.blazepose.landmarker import Landmarker, Landmarks
from unslouch.estimators.blazepose.patrol import Patrol, compute_prominence
from unslouch.estimators.blazepose.search import Search, look_round
from unslouch.estimators.blazepose.smoothing import AlignmentFilter
from unslouch.estimators.blazepose.subject import FOUND_AGAIN, SAME, Place, Subject
from unslouch.estimators.blazepose.trust import mask_unseen

if TYPE_CHECKING:
    from unslouch.ports import Frame, Image

MAX_CANDIDATES = 2
"""How many people are looked at in one frame: each costs one run of the landmark network."""
NEAR_RADII, NEAR_GROWTH = 0.4, 1.25
HOME_RADII = 0.25
LOOK_HOME_S = 0.15
TRAVEL_RADII, TRAVEL_RADII_S = 1.0, 2.0
"""How far somebody may have walked while not seen: at once, and for every second."""
MAX_GROWTH = 2.0
UNSETTLED_FORGET_S = 2.0


@dataclass(frozen=True, slots=True)
class LockSettings:
    """How long the estimator stays with a person it cannot see.

    Attributes
    ----------
    forget_s : so long after they were last seen, anybody may take their place.
    settle_s : so long somebody alone must keep their very place to be taken for them in other clothes.
    """

    forget_s: float = 10.0
    settle_s: float = 5.0


@dataclass(frozen=True, slots=True)
class _Sighting:
    """Somebody in one frame."""

    found: Landmarks
    seen: Appearance | None
    place: Place


class BlazePose:
    """BlazePose on LiteRT.

    Parameters
    ----------
    detector_path, landmarker_path : the two networks.
    threads : processor threads a network may use.
    lock : how long to stay with a person who cannot be seen.

    Notes
    -----
    Nothing that is reported is smoothed: the core filters. Frames go in as they are, never mirrored. While somebody
    else covers the person, nobody is reported.
    """

    def __init__(
        self,
        detector_path: Path | str,
        landmarker_path: Path | str,
        threads: int = 1,
        lock: LockSettings | None = None,
    ) -> None:
        cv2.setNumThreads(threads)
        self._detector = Detector(Path(detector_path), threads)
        self._landmarker = Landmarker(Path(landmarker_path), threads)
        self._lock = lock or LockSettings()
        self._alignment = AlignmentFilter()
        self._region: Region | None = None
        self._subject: Subject | None = None
        self._search = Search()
        self._patrol = Patrol()
        self._doubtful = False
        self._stranger: tuple[float, Place] | None = None
        self._home_due_s = 0.0
        self._t_s: float | None = None
        self._size_px: tuple[int, int] | None = None

    def estimate(self, frame: Frame) -> PoseFrame:
        """Locate the person; everything NaN when they are not seen."""
        size_px = _get_size(frame)
        found = self.locate(frame)
        if found is None:
            return nobody(frame.t_s, size_px)
        return PoseFrame(
            t_s=frame.t_s,
            size_px=size_px,
            keypoints_px=mask_unseen(found, size_px),
            visibility=found.visibility,
            world_m=found.world_m,
        )

    def locate(self, frame: Frame) -> Landmarks | None:
        """Locate the person with every point that the network guesses; None when they are not seen."""
        size_px = _get_size(frame)
        if size_px != self._size_px or (self._t_s is not None and frame.t_s < self._t_s):
            self.reset()
        self._size_px, self._t_s = size_px, frame.t_s
        return self._locate(frame.t_s, frame.image_bgr)

    def reset(self) -> None:
        """Forget the person."""
        self._lose_region()
        self._subject = None
        self._stranger = None
        self._t_s = None
        self._home_due_s = 0.0
        self._search.reset()
        self._patrol = Patrol()

    def close(self) -> None:
        """Free the networks; once is enough, twice does no harm."""
        self.reset()
        for network in ("_detector", "_landmarker"):
            self.__dict__.pop(network, None)

    def _locate(self, t_s: float, image_bgr: Image) -> Landmarks | None:
        """Follow the person, or find them, or find anybody when there is no person yet."""
        if self._region is not None:
            sighting = self._look(image_bgr, self._region)
            if sighting is not None:
                return self._recognise(t_s, image_bgr, sighting)
            self._lose_region()
        subject = self._subject
        if subject is not None and t_s - subject.seen_s > self._get_patience_s(subject):
            self._subject = subject = None
        height_px, width_px = image_bgr.shape[:2]
        where = self._search.choose(width_px, height_px, None if subject is None else subject.place)
        candidates = self._detector.detect(image_bgr, where)
        sighting = self._pick_main(image_bgr, candidates)
        if subject is not None:
            sighting = self._find_again(t_s, image_bgr, candidates, subject)
        return None if sighting is None else self._take(t_s, sighting)

    def _recognise(self, t_s: float, image_bgr: Image, sighting: _Sighting) -> Landmarks | None:
        """Make sure that the body in the region is still the person's."""
        subject = self._subject
        if subject is not None and subject.compute_resemblance(sighting.seen) < SAME:
            # One odd frame is forgiven, without being reported; after two the region has slipped to somebody else.
            if self._doubtful:
                self._lose_region()
            self._doubtful = not self._doubtful
            return None
        self._doubtful = False
        at_home = None if subject is None else self._look_home(t_s, image_bgr, sighting, subject)
        if at_home is not None:
            self._lose_region()
            sighting = at_home
        if subject is not None and not subject.settled:
            rival = self._patrol.step(t_s, image_bgr, sighting.found, self._detector, self._landmarker)
            if rival is not None:
                self.reset()
                self._t_s = t_s
                sighting = _Sighting(rival, describe(image_bgr, rival), Place.of(rival))
        return self._take(t_s, sighting)

    def _look_home(self, t_s: float, image_bgr: Image, sighting: _Sighting, subject: Subject) -> _Sighting | None:
        """Find the person still in their place when the region was carried off by somebody dressed alike."""
        home = subject.get_home(t_s)
        if home is None or t_s < self._home_due_s or home.compute_distance(sighting.place) < NEAR_RADII:
            return None
        self._home_due_s = t_s + LOOK_HOME_S
        for one in self._detector.detect(image_bgr, look_round(home)):
            other = self._look(image_bgr, one.region)
            if (
                other is not None
                and home.compute_distance(other.place) < HOME_RADII
                and home.compute_growth(other.place) < NEAR_GROWTH
                and subject.compute_resemblance(other.seen) >= FOUND_AGAIN
            ):
                return other
        return None

    def _find_again(
        self, t_s: float, image_bgr: Image, candidates: list[Candidate], subject: Subject
    ) -> _Sighting | None:
        """Find the person who was lost among the people in the picture."""
        reach = TRAVEL_RADII + TRAVEL_RADII_S * (t_s - subject.seen_s)
        nearest = sorted(candidates, key=lambda one: abs(one.region.x_px - subject.place.hips_px[0]))
        sightings = [self._look(image_bgr, one.region) for one in nearest[:MAX_CANDIDATES]]
        people = [one for one in sightings if one is not None]
        for one in people:
            near = subject.place.compute_distance(one.place) < reach
            alike = subject.place.compute_growth(one.place) < MAX_GROWTH
            if near and alike and subject.compute_resemblance(one.seen) >= FOUND_AGAIN:
                return one
        return self._await_settling(t_s, people, subject)

    def _await_settling(self, t_s: float, people: list[_Sighting], subject: Subject) -> _Sighting | None:
        """Take somebody who keeps the person's very place for the person, after a while: the coat is off."""
        alone = people[0] if len(people) == 1 else None
        anchor = self._stranger[1] if self._stranger is not None else subject.place
        if (
            alone is None
            or anchor.compute_distance(alone.place) > NEAR_RADII
            or subject.place.compute_growth(alone.place) > NEAR_GROWTH
        ):
            self._stranger = None
            return None
        if self._stranger is None:
            self._stranger = (t_s, subject.place)
        if t_s - self._stranger[0] < self._lock.settle_s:
            return None
        subject.accept_look(alone.seen)
        return alone

    def _pick_main(self, image_bgr: Image, candidates: list[Candidate]) -> _Sighting | None:
        """Pick the person the picture is of: large and in the middle."""
        if self._subject is not None:
            return None
        width_px = image_bgr.shape[1]
        ranked = sorted(candidates, key=lambda one: compute_prominence(one.region, width_px), reverse=True)
        for one in ranked[:MAX_CANDIDATES]:
            sighting = self._look(image_bgr, one.region)
            if sighting is not None:
                return sighting
        return None

    def _look(self, image_bgr: Image, region: Region) -> _Sighting | None:
        found = self._landmarker.locate(image_bgr, region)
        return None if found is None else _Sighting(found, describe(image_bgr, found), Place.of(found))

    def _take(self, t_s: float, sighting: _Sighting) -> Landmarks:
        """Note that this is the person, and lay the region for the next frame."""
        if self._subject is None:
            self._subject = Subject(t_s, sighting.place, sighting.seen)
        self._subject.learn(t_s, sighting.found, sighting.seen)
        self._stranger = None
        self._search.reset()
        centre, rim = self._alignment.step(t_s, sighting.found.alignment_px)
        self._region = Region.from_alignment(centre, rim)
        return sighting.found

    def _get_patience_s(self, subject: Subject) -> float:
        return self._lock.forget_s if subject.settled else min(UNSETTLED_FORGET_S, self._lock.forget_s)

    def _lose_region(self) -> None:
        self._region = None
        self._doubtful = False
        self._alignment.reset()


def _get_size(frame: Frame) -> tuple[int, int]:
    height_px, width_px = frame.image_bgr.shape[:2]
    return width_px, height_px
