"""Pictures of the live page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from unslouch.ports import SourceError

if TYPE_CHECKING:
    from unslouch.ports import Image

START_OF_JPEG = b"\xff\xd8\xff"
MAX_BYTES = 8_000_000


def decode_jpeg(data: bytes) -> Image:
    """Decode one JPEG to (height, width, 3) uint8, BGR.

    Raises
    ------
    SourceError : the bytes are not a picture.
    """
    if not data.startswith(START_OF_JPEG) or len(data) > MAX_BYTES:
        raise SourceError("The page sent something that is not a camera picture.")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise SourceError("The page sent a camera picture that cannot be read.") from error
    if image is None:
        raise SourceError("The page sent a camera picture that cannot be read.")
    return cast("Image", image)
