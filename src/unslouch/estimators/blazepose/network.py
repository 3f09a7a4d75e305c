"""One network under LiteRT: pictures are written into its memory, results read from it without a copy."""

from __future__ import annotations

import math
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from unslouch.estimators.blazepose.geometry import Image

STANDARD_ERROR = 2


@contextmanager
def _hush() -> Iterator[None]:
    """Keep LiteRT from announcing itself on standard error: it has no switch for that, and failures are raised."""
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:  # a program without a terminal may have none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)
        os.close(nowhere)


class Network:
    """A network with one picture as its input and several float outputs.

    Parameters
    ----------
    path : the .tflite file.
    threads : processor threads it may use.
    """

    def __init__(self, path: Path, threads: int) -> None:
        with _hush():
            self._interpreter: Any = Interpreter(model_path=str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.tensor(self._interpreter.get_input_details()[0]["index"])
        outputs = self._interpreter.get_output_details()
        self._sizes = [math.prod(int(v) for v in output["shape"]) for output in outputs]
        self._outputs = [self._interpreter.tensor(output["index"]) for output in outputs]

    def find_output(self, size: int) -> int:
        """Say which output has `size` elements: their order is not promised."""
        return self._sizes.index(size)

    def run(self, picture: Image, scale: float, offset: float = 0.0) -> None:
        """Compute all outputs for `picture` * `scale` + `offset`."""
        self._write(picture, scale, offset)
        self.invoke()

    def invoke(self) -> None:
        """Compute all outputs for what was written last."""
        self._interpreter.invoke()

    def _write(self, picture: Image, scale: float, offset: float) -> None:
        # The view of the input must be gone before invoke(), which refuses to run while one is alive.
        view = self._input()[0]
        np.multiply(picture, np.float32(scale), out=view, dtype=np.float32)
        if offset:
            view += np.float32(offset)

    def view_output(self, index: int) -> NDArray[np.float32]:
        """View an output's memory; let go of the view before the next `run`."""
        view: NDArray[np.float32] = self._outputs[index]()
        return view


def sigmoid(x: Any) -> Any:
    """Squash into (0, 1); large values are clipped so that nothing overflows."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -100.0, 100.0)))
