"""What this machine has, and what can be installed without asking: a fitting Python, a browser, Debian's packages."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
WINDOWS = os.name == "nt"

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
BROWSER_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


class SetUpError(Exception):
    """The set-up cannot go on; the message is a sentence for the user."""


def find_python(newest: tuple[int, int]) -> str | None:
    """Find an installed Python from 3.11 to `newest`, the running one first."""
    if OLDEST <= sys.version_info[:2] <= newest:
        return sys.executable
    for minor in range(newest[1], OLDEST[1] - 1, -1):
        candidates = [["py", f"-3.{minor}"]] if WINDOWS else [[f"python3.{minor}"]]
        for candidate in candidates:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                answer = subprocess.run(
                    [*candidate, "-c", "import sys; print(sys.version_info[1], sys.executable)"],
                    capture_output=True,
                    text=True,
                    check=True,
                    timeout=30,
                ).stdout.split(maxsplit=1)
                if answer[0] == str(minor):
                    return answer[1].strip()
    return None


def test_settings() -> dict[str, str]:
    """Find or install a browser and what renders without a screen; return the environment that tells the tests."""
    browser = find_browser()
    if browser is None:
        install_debian_packages(["chromium"], "the tests drive a real browser, and no Chrome or Chromium is installed")
        browser = find_browser()
    if browser is None:
        raise SetUpError("chromium was installed but is not found; name a browser in UNSLOUCH_BROWSER.")
    if sys.platform == "linux" and not has_egl():
        why = "the tests render a person without a screen, and Mesa's EGL is not installed"
        install_debian_packages(["libegl1", "libgl1", "libgl1-mesa-dri"], why)
    return {"UNSLOUCH_BROWSER": browser}


def find_browser() -> str | None:
    """Return the path of an installed Chromium, Chrome or Edge."""
    named = os.environ.get("UNSLOUCH_BROWSER")
    if named:
        if not Path(named).is_file():
            raise SetUpError(f"UNSLOUCH_BROWSER names {named}, which is not there.")
        return named
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    return next((path for path in BROWSER_FILES if Path(path).is_file()), None)


def has_egl() -> bool:
    """Say whether OpenGL can run without a screen on this Linux."""
    try:
        ctypes.CDLL("libEGL.so.1")
        ctypes.CDLL("libGL.so.1")
    except OSError:
        return False
    return True


def install_debian_packages(names: list[str], why: str) -> None:
    """Install Debian packages if that is possible without asking anyone; otherwise say the command."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise SetUpError(f"{why}: install {' '.join(names)} and try again.")
    command = f"apt-get install {' '.join(names)}"
    if os.geteuid() != 0:
        raise SetUpError(f"{why}: run  sudo {command}  and try again.")
    print(f"unslouch: {why}: {command}", flush=True)
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", *names]):
        if subprocess.run(step, env=settings, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise SetUpError(f"{why}, and  {command}  failed.")
