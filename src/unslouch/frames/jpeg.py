"""Pictures of the live page."""

from __future__ import annotations

import cv2
import numpy as np

from unslouch.ports import Image, SourceError


def decode_jpeg(data: bytes) -> Image:
    """Decode one JPEG to (height, width, 3) uint8, BGR.

    Raises
    ------
    SourceError : the bytes are not a picture.
    """
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise SourceError("The camera sent a picture that cannot be read.")
    return image  # type: ignore[return-value]
