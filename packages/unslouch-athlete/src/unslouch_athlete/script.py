"""From an exercise file and a few wishes to a take."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError

from unslouch.core.events import Side
from unslouch.core.motion import FAULTS, Motion, motion_problems, seat_of
from unslouch.testing.camera import Camera
from unslouch.testing.routine import Place, RepPlan, Routine, jittered
from unslouch_athlete.film import Actor, Take
from unslouch_athlete.renderer import Light

if TYPE_CHECKING:
    from pathlib import Path

Approach = Literal["none", "raise", "walk_in", "adjust", "idle"]
IDLE = Motion(keyframes=())


class ScriptError(Exception):
    """A wish cannot be fulfilled; the message is one sentence."""


@dataclass(frozen=True)
class Exercise:
    """What the athlete must know of an exercise file."""

    id: str
    motion: Motion
    sides: str
    plan: RepPlan


@dataclass(frozen=True)
class Wishes:
    """How an exercise is to be performed and filmed.

    Attributes
    ----------
    faults : sizes by fault id; `fault_reps` says on which repetitions (counted from 1), empty = on all.
    approach : what happens before the start position is taken; "idle" does everything but exercise.
    jitter : how much tempo differs from repetition to repetition; 0 = not at all.
    passer : somebody else walks through the picture, in front ("front") or behind ("behind").
    """

    body: str = "woman"
    azimuth_deg: float = 0.0
    reps: int = 3
    side: Side | None = None
    faults: dict[str, float] = field(default_factory=dict)
    fault_reps: tuple[int, ...] = ()
    approach: Approach = "raise"
    jitter: float = 0.15
    seed: int = 0
    fps: float = 30.0
    size_px: tuple[int, int] = (640, 480)
    distance_m: float | None = None
    height_m: float | None = None
    look_at_m: float | None = None
    noise: float = 2.5
    light: float = 1.0
    passer: Literal["none", "front", "behind"] = "none"


def read_exercise(path: Path) -> Exercise:
    """Read what is needed of an exercise file: its motion, sides and tempo."""
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        motion = TypeAdapter(Motion).validate_python(table["motion"])
    except OSError as error:
        raise ScriptError(f"{path} cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{path} is not TOML: {error}") from error
    except KeyError as error:
        raise ScriptError(f"{path} has no [motion]") from error
    except ValidationError as error:
        raise ScriptError(f"{path}: [motion] is not valid: {error.errors()[0]['msg']}") from error
    problems = motion_problems(motion)
    if problems:
        raise ScriptError(f"{path}: {'; '.join(problems)}")
    tempo = table.get("dose", {}).get("tempo_s", {})
    plan = RepPlan(tempo.get("concentric", 1.5), tempo.get("hold", 0.5), tempo.get("eccentric", 2.0))
    return Exercise(table.get("id", path.stem), motion, table.get("sides", "both together"), plan)


def make_take(exercise: Exercise, wishes: Wishes) -> Take:
    """Turn wishes into a take."""
    unknown = sorted(set(wishes.faults) - set(FAULTS))
    if unknown:
        raise ScriptError(f"There is no fault {unknown[0]!r}: choose from {', '.join(sorted(FAULTS))}")
    side = wishes.side or (Side.RIGHT if exercise.sides.startswith("one") else Side.BOTH)
    routine = Routine(exercise.motion, side, seed=wishes.seed)
    _approach(routine, wishes)
    plans = jittered(exercise.plan, wishes.reps, wishes.seed, wishes.jitter, 0.04 if wishes.jitter else 0.0)
    routine.reps(
        [
            replace(plan, faults=wishes.faults) if not wishes.fault_reps or i in wishes.fault_reps else plan
            for i, plan in enumerate(plans, start=1)
        ]
    )
    routine.relax().stand(1.0)
    others = () if wishes.passer == "none" else (_passer(wishes, routine.duration_s),)
    return Take(
        Actor(routine, wishes.body),
        _camera(exercise, wishes),
        others,
        room_seed=wishes.seed + 1,
        light=Light(key=wishes.light, fill=wishes.light),
        noise=wishes.noise,
        fps=wishes.fps,
    )


def _approach(routine: Routine, wishes: Wishes) -> None:
    if wishes.approach == "walk_in":
        routine.walk_in(x_m=2.2, y_m=0.3).stand(0.4)
    elif wishes.approach == "adjust":
        routine.stand(0.6).adjust_band(3.0).scratch_head()
    elif wishes.approach == "idle":
        routine.walk_in(x_m=2.2, y_m=0.3).adjust_band(4.0).scratch_head().turn_away().stand(2.0)
    elif wishes.approach == "raise":
        routine.stand(1.0)
    if wishes.reps:
        routine.take_position()


def _passer(wishes: Wishes, duration_s: float) -> Actor:
    y_m = -0.75 if wishes.passer == "front" else 0.9
    walk = Routine(IDLE, seed=wishes.seed + 1).walk_past(Place(2.4, y_m), Place(-2.4, y_m))
    other = "man" if wishes.body != "man" else "woman"
    return Actor(walk, other, start_s=max(0.0, 0.5 * (duration_s - walk.duration_s)))


def _camera(exercise: Exercise, wishes: Wishes) -> Camera:
    seat, seated = seat_of(exercise.motion.posture)
    usual = Camera()
    if seated:
        usual = Camera(distance_m=2.9, height_m=1.0, look_at_m=0.5 if seat == "floor" else 0.75)
    width, height = wishes.size_px
    fov_deg = usual.fov_deg if width >= height else 62.0
    return replace(
        usual,
        azimuth_deg=wishes.azimuth_deg,
        distance_m=wishes.distance_m or usual.distance_m,
        height_m=wishes.height_m or usual.height_m,
        look_at_m=wishes.look_at_m or usual.look_at_m,
        fov_deg=fov_deg,
        size_px=wishes.size_px,
    )
