"""The synthetic person does an exercise as its own file declares it, seen the way the pose network sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unslouch.core.body import VIEW_GAIN
from unslouch.core.events import Side
from unslouch.core.exercise import view_of_side
from unslouch.testing.camera import Camera
from unslouch.testing.routine import Routine
from unslouch.testing.skeleton import Proportions, observe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from unslouch.core.exercise import Exercise
    from unslouch.core.pose import PoseFrame
    from unslouch.testing.routine import RepPlan


AS_PLACED = Proportions(forearm=0.122)
"""A person as the network places the points: its wrist lies a little nearer to the elbow than the joint."""


def perform(
    exercise: Exercise,
    plans: Sequence[RepPlan],
    *,
    side: Side | None = None,
    view_deg: float | None = None,
    fps: float = 30.0,
    seed: int = 0,
    proportions: Proportions = AS_PLACED,
    noise_px: float = 0.0,
) -> tuple[Routine, list[PoseFrame]]:
    """Take position, do the repetitions, and let go.

    Parameters
    ----------
    plans : the repetitions.
    side : the working side; the left, or both where they work together.
    view_deg : camera angle as the exercise file counts it: + is towards the working side; without, what it guides to.
    fps, seed, proportions, noise_px : as for `observe` and `Routine`.
    """
    side = side or exercise.working_sides()[0]
    routine = Routine(exercise.motion, side, seed=seed).stand(1.0).take_position().reps(plans).stand(0.8).relax()
    return routine, see(routine, view_deg, exercise, fps=fps, seed=seed, proportions=proportions, noise_px=noise_px)


def see(
    routine: Routine,
    view_deg: float | None,
    exercise: Exercise,
    *,
    fps: float = 30.0,
    seed: int = 0,
    proportions: Proportions = AS_PLACED,
    noise_px: float = 0.0,
) -> list[PoseFrame]:
    """Look at a routine from a camera angle, + towards the routine's working side."""
    azimuth_deg = view_of_side(exercise.view.guide_to if view_deg is None else view_deg, routine.side)
    poses = observe(
        routine.frames(fps), Camera(azimuth_deg=azimuth_deg), proportions=proportions, noise_px=noise_px, seed=seed
    )
    return as_network_reads(poses, azimuth_deg)


def as_network_reads(poses: Iterable[PoseFrame], azimuth_deg: float) -> list[PoseFrame]:
    """Turn the points in space a little to the camera, as the network does: it reads camera angles low."""
    turn = np.radians(azimuth_deg * (1 - 1 / VIEW_GAIN))
    about_vertical = np.array([[np.cos(turn), 0.0, -np.sin(turn)], [0.0, 1.0, 0.0], [np.sin(turn), 0.0, np.cos(turn)]])
    return [replace(pose, world_m=pose.world_m @ about_vertical.T) for pose in poses]
