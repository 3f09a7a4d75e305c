"""Build the packages as they would be published, and try what comes out.

Wheels are built from the source archives, so a file missing there is noticed; then `unslouch` is run from its wheel,
where the repository cannot help it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL_PACKAGE = ROOT / "packages" / "unslouch-pose-model"
NETWORKS = ("pose_detection.tflite", "pose_landmark_full_nomask.tflite", "LICENSE.mediapipe")

TRY_OUT = """
import unslouch, unslouch_pose_model
from unslouch.bootstrap import load_catalogue
from unslouch.cli.main import main
inside = {target!r}
assert unslouch.__path__[0].startswith(inside), unslouch.__path__
assert unslouch_pose_model.__file__.startswith(inside), unslouch_pose_model.__file__
assert unslouch_pose_model.detector_path().is_file() and unslouch_pose_model.landmarker_path().is_file()
assert load_catalogue(), "the installed catalogue is empty"
main(["--help"])
"""


class WheelError(Exception):
    """A built package is not as it should be."""


def main() -> int:
    """Build and check both packages; return an exit code."""
    with tempfile.TemporaryDirectory(prefix="unslouch-wheels-") as name:
        folder = Path(name)
        try:
            wheels = [build(MODEL_PACKAGE, folder), build(ROOT, folder)]
            check_members(wheels[0], {f"unslouch_pose_model/weights/{network}" for network in NETWORKS})
            check_members(wheels[1], tracked_sources())
            try_out(wheels, folder / "installed")
        except WheelError as error:
            print(error, file=sys.stderr)
            return 1
    print(f"built and tried {', '.join(wheel.name for wheel in wheels)}")
    return 0


def build(package: Path, folder: Path) -> Path:
    """Build the source archive, and from it the wheel."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / package.name), str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise WheelError(f"{package.name} could not be built:\n{done.stdout}{done.stderr}")
    (wheel,) = (folder / package.name).glob("*.whl")
    return wheel


def tracked_sources() -> set[str]:
    """Return every file of the package in the repository, by its name inside a wheel."""
    command = ["git", "ls-files", "-z", "src/unslouch"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    names = [name.decode() for name in done.stdout.split(b"\0") if name]
    if not names:
        raise WheelError("git lists no file in src/unslouch, so the wheel cannot be compared with it.")
    return {name.removeprefix("src/") for name in names if (ROOT / name).is_file()}


def check_members(wheel: Path, wanted: set[str]) -> None:
    """Refuse a wheel that lacks a file, or its licence."""
    with zipfile.ZipFile(wheel) as archive:
        members = set(archive.namelist())
    missing = sorted(wanted - members)
    missing += [name for name in ("LICENSE", "NOTICE") if not any(m.endswith(f"licenses/{name}") for m in members)]
    if missing:
        raise WheelError(f"{wheel.name} lacks {', '.join(missing)}")


def try_out(wheels: list[Path], target: Path) -> None:
    """Install the wheels into a folder of their own and use them from there."""
    install = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*install, "--target", str(target), *map(str, wheels)], check=True)
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", TRY_OUT.format(target=str(target))],
        cwd=target.parent,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or "usage" not in done.stdout.lower():
        raise WheelError(f"unslouch does not work from its wheel:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
