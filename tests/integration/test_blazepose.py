"""The estimator on real pixels: rendered people whose places are known exactly."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import unslouch_pose_model

from unslouch.core.pose import Keypoint, PoseFrame
from unslouch.estimators.blazepose import BlazePose
from unslouch.frames.video import open_video
from unslouch.ports import Frame

ROOT = Path(__file__).resolve().parents[2]
CROSSING = ROOT / "tests" / "clips" / "crossing.mp4"
BUNDLED = ROOT / "src" / "unslouch" / "data" / "clips"
SHARED = ROOT.parent / "shared" / "clips" / "synth"
JUDGED = [
    Keypoint.LEFT_SHOULDER,
    Keypoint.RIGHT_SHOULDER,
    Keypoint.LEFT_ELBOW,
    Keypoint.RIGHT_ELBOW,
    Keypoint.LEFT_WRIST,
    Keypoint.RIGHT_WRIST,
    Keypoint.LEFT_HIP,
    Keypoint.RIGHT_HIP,
]


@pytest.fixture(scope="module")
def networks():
    estimator = BlazePose(unslouch_pose_model.detector_path(), unslouch_pose_model.landmarker_path())
    yield estimator
    estimator.close()


@pytest.fixture
def estimator(networks):
    networks.reset()
    return networks


def read_frames(clip: Path) -> list[Frame]:
    with open_video(clip) as source:
        return list(source)


def read_truth_px(clip: Path) -> np.ndarray:
    """Read where the keypoints truly are, (n, 33, 2) px."""
    with gzip.open(clip.with_suffix(".json.gz")) as file:
        truth = json.load(file)
    assert truth["keypoints"] == [one.name.lower() for one in Keypoint]
    return np.array([frame["keypoints_px"] for frame in truth["frames"]], float)


def compute_error(poses: list[PoseFrame], truth_px: np.ndarray) -> np.ndarray:
    """Compute each frame's median error over arms and trunk, torso lengths; NaN where nobody is reported."""
    hips = truth_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=1)
    shoulders = truth_px[:, [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=1)
    torso_px = np.linalg.norm(shoulders - hips, axis=1)
    points = np.stack([pose.keypoints_px for pose in poses])
    error = np.linalg.norm(points[:, JUDGED] - truth_px[: len(poses), JUDGED], axis=2)
    seen = np.array([pose.somebody for pose in poses])
    median = np.full(len(poses), np.nan)
    median[seen] = np.nanmedian(error[seen], axis=1)
    return median / torso_px[: len(poses)]


@pytest.fixture(scope="module")
def crossing(networks):
    networks.reset()
    poses = [networks.estimate(frame) for frame in read_frames(CROSSING)]
    return poses, compute_error(poses, read_truth_px(CROSSING))


def test_points_lie_where_the_body_is_and_left_is_left(crossing):
    _, error = crossing
    assert np.nanmedian(error) < 0.08


def test_somebody_who_crosses_in_front_pauses_the_report_and_is_never_reported(crossing):
    poses, error = crossing
    hidden = np.flatnonzero([not pose.somebody for pose in poses])
    assert 3 <= len(hidden) <= 30
    assert hidden[-1] - hidden[0] < 30
    assert np.nanmax(error) < 0.3
    assert all(pose.somebody for pose in poses[hidden[-1] + 1 :])


def test_a_mirrored_picture_swaps_the_sides(estimator):
    frame = read_frames(CROSSING)[30]
    pose = estimator.estimate(frame)
    estimator.reset()
    mirrored = estimator.estimate(Frame(0.0, np.ascontiguousarray(frame.image_bgr[:, ::-1])))
    width_px = frame.image_bgr.shape[1]
    wrist = pose.keypoints_px[Keypoint.LEFT_WRIST]
    other = mirrored.keypoints_px[Keypoint.RIGHT_WRIST]
    assert [width_px - other[0], other[1]] == pytest.approx(wrist, abs=8)
    assert pose.world_m[Keypoint.LEFT_SHOULDER, 0] > pose.world_m[Keypoint.RIGHT_SHOULDER, 0]


def test_what_the_frame_cuts_off_is_not_seen(estimator):
    truth_px = read_truth_px(CROSSING)[0]
    cut_px = int(truth_px[[Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP], 1] @ [0.3, 0.7])
    for frame in read_frames(CROSSING)[:15]:
        pose = estimator.estimate(Frame(frame.t_s, np.ascontiguousarray(frame.image_bgr[:cut_px])))
    below = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP, Keypoint.LEFT_KNEE, Keypoint.RIGHT_ANKLE]
    assert np.isnan(pose.keypoints_px[below]).all()
    assert np.isfinite(pose.keypoints_px[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.NOSE]]).all()
    assert (pose.visibility > 0).all()


def test_an_empty_wall_is_nobody(estimator):
    pose = estimator.estimate(Frame(0.0, np.full((480, 640, 3), 180, np.uint8)))
    assert not pose.somebody
    assert pose.size_px == (640, 480)
    assert not pose.visibility.any()


@pytest.mark.parametrize("shape", [(9, 16, 3), (2000, 60, 3), (1, 1, 3)])
def test_frames_of_any_shape_are_looked_at(estimator, shape):
    assert not estimator.estimate(Frame(0.0, np.zeros(shape, np.uint8))).somebody


def test_a_person_who_lies_is_found_too(estimator):
    frame = read_frames(CROSSING)[30]
    upright = estimator.estimate(frame).keypoints_px
    estimator.reset()
    lying = estimator.estimate(Frame(0.0, np.ascontiguousarray(np.rot90(frame.image_bgr)))).keypoints_px
    turned_back = np.stack([frame.image_bgr.shape[1] - lying[:, 1], lying[:, 0]], axis=1)
    assert np.linalg.norm(turned_back - upright, axis=1)[JUDGED].max() < 15


def test_somebody_far_away_in_a_wide_picture_is_found(estimator):
    seen = []
    for frame in read_frames(CROSSING)[:10]:
        small = cv2.resize(frame.image_bgr, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
        image = np.full((720, 1280, 3), 150, np.uint8)
        image[720 - small.shape[0] :, 100 : 100 + small.shape[1]] = small
        seen.append(estimator.estimate(Frame(frame.t_s, image)).somebody)
    assert seen[-1]
    assert not seen[0], "the clip is large enough to be found at once: it tests nothing"


def test_loading_the_networks_says_nothing_on_the_terminal(capfd):
    BlazePose(unslouch_pose_model.detector_path(), unslouch_pose_model.landmarker_path()).close()
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def cover(frames: list[Frame], other: list[Frame], from_s: float, until_s: float) -> list[Frame]:
    """Hold another clip's middle, with its person, in front of a clip's for some time."""
    covered = []
    for i, frame in enumerate(frames):
        image = frame.image_bgr.copy()
        if from_s <= frame.t_s < until_s:
            width_px = image.shape[1]
            middle = slice(width_px // 4, 3 * width_px // 4)
            image[:, middle] = other[i % len(other)].image_bgr[: image.shape[0], middle]
        covered.append(Frame(frame.t_s, image))
    return covered


@pytest.mark.parametrize(("mine", "others"), [("band-pull-apart", "lat-pulldown"), ("lat-pulldown", "band-pull-apart")])
def test_another_person_who_exercises_in_front_is_not_reported(estimator, mine, others):
    frames = read_frames(BUNDLED / f"{mine}.mp4")[:210]
    poses = [estimator.estimate(one) for one in cover(frames, read_frames(BUNDLED / f"{others}.mp4"), 3.0, 5.0)]
    for frame, pose in zip(frames, poses, strict=True):
        if 3.1 < frame.t_s < 4.95:
            assert not pose.somebody, f"the other one is reported at {frame.t_s:.2f} s"
        elif not 3.0 <= frame.t_s < 5.2:
            assert pose.somebody, f"the person is lost at {frame.t_s:.2f} s"


@pytest.mark.skipif(not SHARED.exists(), reason="needs the clips beside the project (../shared/clips)")
@pytest.mark.parametrize(
    ("clip", "limit"), [("pull_apart_front", 0.05), ("ext_rotation_45_drift", 0.06), ("row_side_rounded", 0.12)]
)
def test_points_agree_with_the_truth_of_clips_beside_the_project(estimator, clip, limit):
    frames = read_frames(SHARED / f"{clip}.mp4")[:120]
    with gzip.open(SHARED / f"{clip}.json.gz") as file:
        truth = json.load(file)["frames"]
    truth_px = np.full((len(frames), len(Keypoint), 2), np.nan)
    for i in range(len(frames)):
        for name, at in truth[i]["landmarks2d"].items():
            if name.upper() in Keypoint.__members__:
                truth_px[i, Keypoint[name.upper()]] = at
    error = compute_error([estimator.estimate(frame) for frame in frames], truth_px)
    assert np.isfinite(error).all()
    assert np.median(error) < limit
