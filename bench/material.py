"""What the measurements run on: clips, their frames, and the oracle in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from unslouch.frames.video import open_video

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
SHARED_CLIPS = ROOT.parent / "shared" / "clips"
SHARED_NAMES = (
    "synth/pull_apart_front.mp4",
    "synth/ext_rotation_45_drift.mp4",
    "synth/lat_pulldown_front_partial.mp4",
    "synth/row_45.mp4",
    "synth/row_side_rounded.mp4",
    "synth/pull_apart_front_webcam.mp4",
    "real/fitness-lateral-raises.mp4",
    "real/curl-with-faults.mp4",
)
ORACLE_SCRIPT = Path(__file__).resolve().parent / "oracle_solutions.py"
ORACLE_PYTHON_VARIABLE = "UNSLOUCH_ORACLE_PYTHON"


def find_clips() -> list[Path]:
    """Find the clips to measure on: the bundled ones, and those beside the project where they are."""
    bundled = sorted((ROOT / "src" / "unslouch" / "data" / "clips").glob("*.mp4"))
    bundled = [clip for clip in bundled if not clip.stem.endswith(".part")]
    beside = [SHARED_CLIPS / name for name in SHARED_NAMES]
    return bundled + [clip for clip in beside if clip.exists()]


def find_oracle_python() -> Path | None:
    """Find the Python whose environment has the oracle; None when there is none."""
    named = os.environ.get(ORACLE_PYTHON_VARIABLE)
    candidates = [Path(named)] if named else [ROOT / ".venv-oracle" / "bin" / "python"]
    candidates += [ROOT / ".venv-oracle" / "Scripts" / "python.exe"]
    return next((one for one in candidates if one.exists()), None)


def read_frames(clip: Path, most: int) -> NDArray[np.uint8]:
    """Read the first frames of a clip, (n, height, width, 3) BGR."""
    images = []
    with open_video(clip) as source:
        for frame in source:
            images.append(frame.image_bgr)
            if len(images) == most:
                break
    return np.stack(images)


@dataclass(frozen=True, slots=True)
class OracleTrace:
    """What the oracle saw: NaN = nobody.

    Attributes
    ----------
    points_px : (n, 33, 2) float, px.
    regions : (n, 4) float: x, y, side in px and angle in rad of the square that each frame was read in.
    """

    points_px: NDArray[np.float64]
    regions: NDArray[np.float64]


class Oracle:
    """`solutions.pose` over one clip's frames, in a process that waits for requests."""

    def __init__(self, python: Path, frames: NDArray[np.uint8], folder: Path) -> None:
        self._folder = folder
        path = folder / "frames.npy"
        np.save(path, frames)
        self._process = subprocess.Popen(
            [str(python), str(ORACLE_SCRIPT), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def trace(self) -> OracleTrace:
        """Follow the person through all frames."""
        path = self._folder / "trace.npz"
        self._ask(f"run {path}")
        with np.load(path) as saved:
            return OracleTrace(saved["points"], saved["region"])

    def measure_s(self) -> float:
        """Measure how long it takes for all frames, s."""
        return float(self._ask("time")["seconds"])

    def _ask(self, request: str) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the oracle was started without pipes")
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the oracle ended without an answer: is mediapipe==0.10.21 installed beside it?")
        answer: dict[str, Any] = json.loads(line)
        return answer
