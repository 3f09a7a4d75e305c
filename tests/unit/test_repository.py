"""What the files of the repository may not contain, and that the locks fit what they lock."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
LOCAL = {"unslouch", "unslouch-pose-model"}

# Put together here, so that this file does not contain what it forbids.
INDEX_HOSTS = ["py" + "pi.org", "files.python" + "hosted.org", "registry." + "npmjs.org", "deb." + "debian.org"]
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "C:\\" + "Users"]


def tracked_files():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / name.decode() for name in listing.stdout.split(b"\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not any(part.startswith(".venv") for part in path.parts)]
    return [path for path in paths if path.is_file()]


def pins(lock):
    """Return {name: [(version, marker)]} of a lock."""
    found = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith((" ", "#")) or not line:
            continue
        requirement = Requirement(line.rstrip("\\ "))
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", line
        found.setdefault(canonicalize_name(requirement.name), []).append(
            (specifier.version, str(requirement.marker or ""))
        )
    return found


def test_no_file_names_an_index_or_a_machine():
    files = tracked_files()
    assert len(files) > 30
    contents = {path.relative_to(ROOT): path.read_bytes() for path in files}
    wrong = [
        f"{path} contains {forbidden}"
        for path, content in contents.items()
        for forbidden in INDEX_HOSTS + MACHINE_PATHS
        if forbidden.encode() in content
    ]
    assert not wrong


def test_no_network_is_stored():
    assert [str(path) for path in tracked_files() if path.suffix in {".tflite", ".onnx", ".task"}] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_of_a_lock_has_a_hash(lock):
    lines = lock.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9]", line)]
    assert starts
    for number in starts:
        assert lines[number].endswith("\\"), lines[number]
        assert re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", lines[number + 1]), lines[number]
    others = [line for line in lines if not re.match(r"^([a-z0-9#]| +--hash=sha256:|$)", line)]
    assert others == []


def test_there_are_four_locks():
    assert [lock.stem for lock in LOCKS] == ["build", "dev", "oracle", "run"]


def test_the_locks_of_one_environment_agree():
    build, run, dev = (pins(ROOT / "requirements" / f"{name}.lock") for name in ("build", "run", "dev"))
    for one, other in ((build, run), (build, dev), (run, dev)):
        for name in one.keys() & other.keys():
            assert {version for version, _ in one[name]} == {version for version, _ in other[name]}, name


def described(project):
    return tomllib.loads((ROOT / project / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run", described(".")["project"]["dependencies"]),
        ("dev", described(".")["dependency-groups"]["dev"]),
        ("build", described(".")["build-system"]["requires"]),
        ("build", described("packages/unslouch-pose-model")["build-system"]["requires"]),
    ],
    ids=["run", "dev", "build", "build-model"],
)
def test_a_lock_satisfies_what_is_asked_for(lock, wanted):
    pinned = pins(ROOT / "requirements" / f"{lock}.lock")
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name in LOCAL:
            continue
        assert name in pinned, f"{name} is not in {lock}.lock: run `make lock`"
        for version, _ in pinned[name]:
            assert requirement.specifier.contains(version), f"{lock}.lock has {name} {version}: run `make lock`"


def python_files():
    return [path for path in tracked_files() if path.suffix == ".py"]


def test_no_file_grows_past_one_idea():
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert len(lengths) > 20
    assert {str(path): length for path, length in lengths.items() if length > 400} == {}


def test_no_function_grows_past_a_page():
    long = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 50:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}
