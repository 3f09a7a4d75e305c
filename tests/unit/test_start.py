"""The set-up: says in one sentence what is missing, and does again only what has changed."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def tools(monkeypatch):
    """Import the modules of tools/ as start.py does."""
    names = ("machine", "environment", "locks", "verbs")
    monkeypatch.syspath_prepend(str(TOOLS))
    before = {name: sys.modules.pop(name, None) for name in names}
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)
        if before[name] is not None:
            sys.modules[name] = before[name]


def test_every_verb_of_the_makefile_is_known(tools):
    makefile = (TOOLS.parent / "Makefile").read_text(encoding="utf-8")
    (rule,) = [line for line in makefile.splitlines() if line.startswith("run ")]
    assert set(rule.rstrip(":").split()) == set(tools["verbs"].VERBS)


def test_an_unknown_verb_shows_the_verbs(tools, capsys):
    assert tools["verbs"].main(["dance"]) == 2
    assert "usage: python3 tools/start.py VERB" in capsys.readouterr().out


def start_as(machine):
    """Run start.py in a Python that takes itself for another."""
    code = f"import sys, platform, os; sys.path.insert(0, {str(TOOLS)!r}); os.environ['PATH'] = ''; {machine}"
    return subprocess.run(
        [sys.executable, "-c", f"{code}; import start; sys.exit(start.start(['run']))"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_intel_mac_is_told_why():
    done = start_as("sys.platform = 'darwin'; platform.machine = lambda: 'x86_64'")
    assert done.returncode == 1
    assert done.stderr == "unslouch: the pose network's runtime (LiteRT) has no build for Macs with Intel processors.\n"


@pytest.mark.parametrize("version", ["3.9", "3.14"])
def test_an_unfit_python_is_told_which_is_needed(version):
    done = start_as(f"sys.version_info = ({version.replace('.', ', ')}, 0, 'final', 0)")
    assert done.returncode == 1
    assert (
        done.stderr
        == f"unslouch: Python 3.11, 3.12 or 3.13 is needed and this is {version}; install one of them and try again.\n"
    )


def test_start_can_be_read_by_an_old_python():
    import ast

    ast.parse((TOOLS / "start.py").read_text(encoding="utf-8"), feature_version=(3, 5))


def test_a_named_browser_that_is_not_there_is_said(tools, monkeypatch):
    monkeypatch.setenv("UNSLOUCH_BROWSER", "/nowhere/chrome")
    with pytest.raises(tools["machine"].SetUpError, match="UNSLOUCH_BROWSER names /nowhere/chrome, which is not there"):
        tools["machine"].find_browser()


@pytest.mark.skipif(os.name == "nt", reason="apt-get is for Debian")
def test_without_a_browser_the_command_is_said(tools, monkeypatch):
    machine = tools["machine"]
    monkeypatch.setattr(machine, "find_browser", lambda: None)
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(machine.SetUpError, match=r"run  sudo apt-get install chromium  and try again\."):
        machine.test_settings()
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    with pytest.raises(
        machine.SetUpError, match=r"no Chrome or Chromium is installed: install chromium and try again\."
    ):
        machine.test_settings()


@pytest.fixture
def copy(tools, monkeypatch, tmp_path):
    """Point the set-up at a small copy of the repository, and record what it would install."""
    root = tmp_path / "copy"
    (root / "requirements").mkdir(parents=True)
    for name in ("build", "run", "dev"):
        (root / "requirements" / f"{name}.lock").write_text(f"{name}==1\n")
    (root / "pyproject.toml").write_text("[project]\n")
    model = root / "packages" / "unslouch-pose-model"
    model.mkdir(parents=True)
    (model / "pyproject.toml").write_text("[project]\n")
    environment = tools["environment"]
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "LOCKS", root / "requirements")
    installed = []

    def create(folder, executable):
        python = Path(environment.program(folder, "python"))
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        installed.append("environment")

    def install(folder, arguments):
        if "--require-hashes" in arguments:
            installed.append(" ".join(Path(a).stem for a in arguments if a.endswith(".lock")))
        else:
            installed.append(Path(arguments[-1]).name)

    monkeypatch.setattr(environment, "create_environment", create)
    monkeypatch.setattr(environment, "install", install)

    def update(*locks):
        installed.clear()
        environment.make_environment(list(locks))
        return list(installed)

    return root, update


def test_the_environment_is_made_once(copy):
    _, update = copy
    assert update("build", "run") == ["environment", "build run", "unslouch-pose-model", "copy"]
    assert update("build", "run") == []


def test_the_tests_need_only_what_running_did_not(copy):
    _, update = copy
    update("build", "run")
    assert update("build", "run", "dev") == ["build run dev"]
    assert update("build", "run") == []
    assert update("build", "run", "dev") == []


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements/run.lock", ["build run"]),
        ("packages/unslouch-pose-model/pyproject.toml", ["unslouch-pose-model"]),
        ("pyproject.toml", ["copy"]),
        ("requirements/dev.lock", []),
    ],
)
def test_only_what_changed_is_installed_again(copy, changed, again):
    root, update = copy
    update("build", "run")
    with (root / changed).open("a") as file:
        file.write("# changed\n")
    assert update("build", "run") == again
    assert update("build", "run") == []


def test_an_environment_that_was_moved_is_made_anew(copy, tools, monkeypatch):
    root, update = copy
    update("build", "run")
    moved = root.with_name("copy-moved")
    root.rename(moved)
    monkeypatch.setattr(tools["environment"], "ROOT", moved)
    monkeypatch.setattr(tools["environment"], "LOCKS", moved / "requirements")
    assert update("build", "run")[0] == "environment"


def test_a_failed_build_of_the_networks_is_one_sentence(tools, monkeypatch, tmp_path):
    environment = tools["environment"]
    project = shutil.copytree(TOOLS.parent / "packages" / "unslouch-pose-model", tmp_path / "model")
    monkeypatch.setattr(environment, "program", lambda folder, name: sys.executable)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    arguments = ["--no-deps", "--no-build-isolation", "--target", str(tmp_path / "target"), str(project)]
    with pytest.raises(environment.SetUpError) as caught:
        environment.install(tmp_path, arguments)
    sentence, _, where = str(caught.value).partition("\n")
    assert sentence.startswith("unslouch-pose-model: the pose networks come out of the package mediapipe 0.10.21")
    assert where == f"(All that pip said: {tmp_path / 'install.log'})"


def test_the_verbs_are_listed_without_make():
    done = subprocess.run(
        [sys.executable, str(TOOLS / "start.py"), "help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Start the coach" in done.stdout
