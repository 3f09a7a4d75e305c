"""Where the installed pose networks are; nothing is downloaded at run time."""

from pathlib import Path

__all__ = ["detector_path", "landmarker_path"]

_WEIGHTS = Path(__file__).parent / "weights"


def detector_path() -> Path:
    """Return the file of the network that finds a person (BlazePose detector, TFLite)."""
    return _WEIGHTS / "pose_detection.tflite"


def landmarker_path() -> Path:
    """Return the file of the network that locates 33 keypoints (BlazePose full, TFLite, without segmentation)."""
    return _WEIGHTS / "pose_landmark_full_nomask.tflite"
