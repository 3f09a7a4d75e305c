"""Films a routine: a video, and beside it a file with the exact truth of every frame."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from unslouch.core.pose import Keypoint
from unslouch.testing.anatomy import SEAT_BEHIND_M
from unslouch.testing.camera import Camera
from unslouch_athlete import athlete
from unslouch_athlete.body import CHAIR_HIP_M, Body, Posed
from unslouch_athlete.meshes import Mesh, joined_meshes, room, stool
from unslouch_athlete.renderer import Light, Renderer
from unslouch_athlete.shapes import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unslouch.core.motion import ArmAngles, Hands
    from unslouch.testing.routine import Moment, Routine
    from unslouch_athlete.renderer import Picture

TRUTH_SCHEMA = 1
SEAT_BELOW_HIP_M = 0.085
SEATED_FOR_BAND = 0.97


@dataclass(frozen=True)
class Actor:
    """Somebody in the picture.

    Attributes
    ----------
    routine : what they do.
    body : one of `shapes.SHAPES`.
    start_s : when their routine begins.
    """

    routine: Routine
    body: str = "woman"
    start_s: float = 0.0


@dataclass(frozen=True)
class Take:
    """Everything that decides what a film shows.

    Attributes
    ----------
    actor : the person to be watched; the truth is about them.
    others : people who happen to be there.
    noise : of the sensor, grey levels.
    """

    actor: Actor
    camera: Camera = field(default_factory=Camera)
    others: tuple[Actor, ...] = ()
    room_seed: int = 1
    light: Light = field(default_factory=Light)
    noise: float = 2.5
    fps: float = 30.0


class _Performer:
    """An actor with body and colours at hand."""

    def __init__(self, actor: Actor, seed: int) -> None:
        self.actor = actor
        self.body = Body(actor.body)
        self.paint, self.kind = athlete.colours(self.body, LOOKS[actor.body], seed)
        self.hands = actor.routine.motion.hands

    def at(self, t_s: float) -> tuple[Moment, Posed, Mesh]:
        moment = self.actor.routine.at(t_s - self.actor.start_s)
        posed = self.body.pose(moment.body, moment.place, holding=self.hands != "none")
        things = [athlete.as_mesh(self.body, posed, self.paint, self.kind)]
        things += athlete.held(self.body, posed, _in_use(self.hands, moment))
        if self.actor.routine.motion.posture == "chair_sitting" or moment.body.seated * (moment.body.seat == "chair"):
            things.append(stool(CHAIR_HIP_M - SEAT_BELOW_HIP_M, SEAT_BEHIND_M["chair"]))
        return moment, posed, joined_meshes(things)


def _in_use(hands: Hands, moment: Moment) -> Hands:
    """Keep the band off the feet until they are where it goes round them."""
    sitting = hands != "band_round_feet" or moment.body.seated > SEATED_FOR_BAND
    standing = hands != "band_under_feet" or moment.body.legs.stride_deg == 0
    return hands if sitting and standing else "band_between_hands"


def shots(take: Take) -> Iterator[tuple[Moment, Posed, Picture]]:
    """Draw the film frame by frame."""
    performers = [_Performer(actor, seed) for seed, actor in enumerate((take.actor, *take.others))]
    renderer = Renderer(take.camera.size_px, room(take.room_seed), take.light, noise=take.noise)
    try:
        for i in range(int(take.actor.routine.duration_s * take.fps) + 1):
            seen = [p.at(i / take.fps) for p in performers]
            picture = renderer.draw(joined_meshes([mesh for _, _, mesh in seen]), take.camera)
            moment, posed, _ = seen[0]
            yield moment, posed, picture
    finally:
        renderer.close()


def film(take: Take, video: Path, *, crf: int = 24, about: dict[str, Any] | None = None) -> Path:
    """Write the video and its truth (`NAME.json.gz` beside it); return the truth's path.

    Parameters
    ----------
    take : what to film.
    video : an .mp4 to write; it appears only when it is complete.
    crf : quality of H.264, lower is better and larger.
    about : further entries for the truth, such as the exercise's id.
    """
    truth_path = video.with_suffix(".json.gz")
    partial = video.with_suffix(".part.mp4")
    frames = []
    try:
        with av.open(str(partial), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=Fraction(take.fps).limit_denominator(1000))
            stream.width, stream.height = take.camera.size_px
            stream.pix_fmt = "yuv420p"
            stream.options = {"crf": str(crf), "preset": "slow", "x264-params": "threads=1"}
            for moment, posed, picture in shots(take):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
                frames.append(_frame_truth(moment, posed, take.camera))
            container.mux(stream.encode())
        partial.replace(video)
    finally:
        partial.unlink(missing_ok=True)
    truth = {"schema": TRUTH_SCHEMA, **(about or {}), **_take_truth(take), "frames": frames}
    text = json.dumps(truth, separators=(",", ":")).encode()
    truth_path.write_bytes(gzip.compress(text, 9, mtime=0))
    return truth_path


def _take_truth(take: Take) -> dict[str, Any]:
    return {
        "body": take.actor.body,
        "side": take.actor.routine.side.value,
        "people": 1 + len(take.others),
        "camera": asdict(take.camera),
        "light": asdict(take.light),
        "room_seed": take.room_seed,
        "noise": take.noise,
        "fps": take.fps,
        "keypoints": [k.name.lower() for k in Keypoint],
        "reps": [
            {**asdict(rep), "side": rep.side.value, **{k: round(v, 4) for k, v in _times(rep).items()}}
            for rep in take.actor.routine.truth
        ],
    }


def _times(rep: object) -> dict[str, float]:
    return {name: getattr(rep, name) for name in ("start_s", "peak_s", "hold_end_s", "end_s", "reach")}


def _frame_truth(moment: Moment, posed: Posed, camera: Camera) -> dict[str, Any]:
    points = posed.keypoints_m()
    pixels = camera.project(points)
    return {
        "t_s": round(moment.t_s, 4),
        "rep": moment.rep,
        "phase": moment.phase.value,
        "progress": round(moment.progress, 4),
        "keypoints_px": np.where(np.isfinite(pixels), pixels.round(1), -1.0).tolist(),
        "keypoints_m": points.round(3).tolist(),
        "angles": {
            "left": _rounded(moment.body.left),
            "right": _rounded(moment.body.right),
            "trunk": _rounded(moment.body.trunk),
        },
    }


def _rounded(angles: ArmAngles | Any) -> dict[str, float]:
    return {name: round(value, 2) for name, value in asdict(angles).items()}
