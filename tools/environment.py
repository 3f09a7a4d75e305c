"""The project's Python environments: made once, brought up to date only when what they are made from has changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from machine import WINDOWS, SetUpError, find_python, install_debian_packages

if sys.platform != "win32":
    import fcntl
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
ORACLE_NEWEST = (3, 12)


def make_environment(locks: list[str], where: str = ".venv", executable: str = sys.executable) -> Path:
    """Make or update the environment from these locks, and return its folder; does nothing if it is up to date."""
    folder = ROOT / where
    packages = [] if where != ".venv" else [ROOT / "packages" / "unslouch-pose-model", ROOT]
    if "dev" in locks:
        packages[1:1] = sorted(
            path.parent for path in ROOT.glob("packages/*/pyproject.toml") if path.parent not in packages
        )
    with one_at_a_time(ROOT / f"{where}.lock"):
        done = read_stamp(folder)
        wanted_locks = {name: fingerprint([LOCKS / f"{name}.lock"]) for name in locks}
        wanted_packages = {path.name if path != ROOT else ".": package_fingerprint(path) for path in packages}
        wanted = {"folder": str(folder), **wanted_locks, **wanted_packages}
        if all(done.get(name) == value for name, value in wanted.items()):
            return folder
        if not done:
            create_environment(folder, executable)
        if any(done.get(name) != value for name, value in wanted_locks.items()):
            print("unslouch: installing what is pinned in requirements/ (once; some minutes) …", flush=True)
            requirements = [part for name in locks for part in ("-r", str(LOCKS / f"{name}.lock"))]
            install(folder, ["--require-hashes", *requirements])
        for path in packages:
            name = path.name if path != ROOT else "."
            if done.get(name) != wanted[name]:
                print(f"unslouch: installing {name if path != ROOT else 'unslouch'} …", flush=True)
                editable = ["-e"] if path == ROOT else []
                install(folder, ["--no-deps", "--no-build-isolation", "--force-reinstall", *editable, str(path)])
        (folder / "stamp.json").write_text(json.dumps({**done, **wanted}, indent=1), encoding="utf-8")
    return folder


def make_oracle() -> Path | None:
    """Make the environment of the estimator that ours is compared with; return its Python, None if it cannot be."""
    executable = find_python(ORACLE_NEWEST)
    if executable is None:
        print("unslouch: the oracle needs Python 3.11 or 3.12, which is not installed: nothing is compared with it.")
        return None
    folder = make_environment(["oracle"], ".venv-oracle", executable)
    return Path(program(folder, "python"))


def create_environment(folder: Path, executable: str) -> None:
    """Make an empty virtual environment."""
    shutil.rmtree(folder, ignore_errors=True)
    probe = [executable, "-c", "import sys; print(sys.version_info[1]); import venv, ensurepip"]
    probed = subprocess.run(probe, capture_output=True, text=True, check=False)
    if probed.returncode != 0:
        install_debian_packages([f"python3.{probed.stdout.strip()}-venv"], "this Python comes without its module venv")
    done = subprocess.run([executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise SetUpError(f"the environment {folder} could not be made: {reason[-1] if reason else 'no reason given'}")


def install(environment: Path, arguments: list[str]) -> None:
    """Run pip quietly; its whole output is kept in a file beside the environment."""
    log = environment / "install.log"
    command = python(
        environment, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off", *arguments
    )
    with log.open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"$ {' '.join(command)}\n")
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        ) as process:
            lines = follow(process, file.write)
    if process.returncode != 0:
        errors = [line.strip() for line in lines if line.strip().startswith(("unslouch-", "ERROR: "))]
        own = [line for line in errors if line.startswith("unslouch-")]
        reason = (own or errors or ["pip failed."])[-1].removeprefix("ERROR: ")
        hint = "; is this computer on the network?" if reason.startswith("No matching distribution") else ""
        raise SetUpError(f"{reason}{hint}\n(All that pip said: {log})")


def follow(process: subprocess.Popen[str], write: Callable[[str], object]) -> list[str]:
    """Read a process to its end; on a terminal show what it is at, on one line."""
    lines: list[str] = []
    terminal = sys.stdout.isatty()
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        write(line)
        if terminal and line.lstrip().startswith(("Collecting", "Downloading", "Installing", "Building")):
            print(f"\r\x1b[K  {line.strip()[:100]}", end="", flush=True)
    if terminal:
        print("\r\x1b[K", end="", flush=True)
    return lines


def read_stamp(folder: Path) -> dict[str, str]:
    """Read what an environment was made from; empty if it is not usable."""
    try:
        stamp: dict[str, str] = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    moved = stamp.get("folder") != str(folder)
    return {} if moved or not Path(program(folder, "python")).exists() else stamp


def fingerprint(files: Sequence[Path]) -> str:
    """Return one hash of the names and contents of some files."""
    total = hashlib.sha256()
    for file in files:
        if not file.is_file():
            raise SetUpError(f"{file.relative_to(ROOT)} is missing: this is not a whole copy of the repository.")
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def package_fingerprint(folder: Path) -> str:
    """Return one hash of what a package is built from; of the editable one only its description matters."""
    if folder == ROOT:
        return fingerprint([ROOT / "pyproject.toml"])
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return fingerprint([path for path in files if not {"tests", "dist", "build"} & set(path.relative_to(folder).parts)])


def program(environment: Path, name: str) -> str:
    """Return the path of a program of an environment."""
    return str(environment / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name))


def python(environment: Path, *arguments: str) -> list[str]:
    """Return the command that runs an environment's Python."""
    return [program(environment, "python"), *arguments]


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Let a second call wait until the first has finished its set-up."""
    with path.open("w") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
