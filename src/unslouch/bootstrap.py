"""The only place that builds adapters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unslouch.core.exercise import Exercise
    from unslouch.ports import FrameSource, PoseEstimator

EXERCISES = Path(__file__).parent / "data" / "exercises"


def load_catalogue(extra: Sequence[Path] = ()) -> dict[str, Exercise]:
    """Read the exercises that come with the program and those of further folders, by id.

    Raises
    ------
    CatalogueError : with every mistake of every file.
    """
    from unslouch.catalogue import load_directory

    return load_directory([EXERCISES, *extra])


def open_estimator(*, threads: int = 1) -> PoseEstimator:
    """Load the networks that come with the pose-model package."""
    import unslouch_pose_model

    from unslouch.estimators.blazepose import BlazePose

    return BlazePose(unslouch_pose_model.detector_path(), unslouch_pose_model.landmarker_path(), threads=threads)


def open_video(path: Path) -> FrameSource:
    """Open a recording.

    Raises
    ------
    SourceError : it cannot be read.
    """
    from unslouch.frames.video import open_video as open_file

    return open_file(path)
