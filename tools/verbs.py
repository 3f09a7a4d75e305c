"""What each verb of the Makefile does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from environment import ROOT, make_environment, make_oracle, program, python
from locks import LOCK_SOURCES, write_lock
from machine import WINDOWS, SetUpError, test_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def main(arguments: Sequence[str]) -> int:
    """Do one verb; return its exit code."""
    verb, rest = (arguments[0] if arguments else "help"), list(arguments[1:])
    if verb not in VERBS:
        print("usage: python3 tools/start.py VERB [ARGUMENTS]\n")
        for name, action in VERBS.items():
            print(f"  {name:7} {(action.__doc__ or '').splitlines()[0]}")
        return 0 if verb in {"help", "-h", "--help"} else 2
    try:
        return VERBS[verb](rest)
    except SetUpError as error:
        print(f"unslouch: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"unslouch: {error.filename or 'the set-up failed'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Start the coach; the page opens by itself."""
    environment = make_environment(["build", "run"])
    command = [program(environment, "unslouch"), "serve", *arguments]
    if not WINDOWS:
        os.execv(command[0], command)
    return call(command)


def test(arguments: list[str]) -> int:
    """Run all tests, a real browser included."""
    environment = make_environment(["build", "run", "dev"])
    return call(python(environment, "-m", "pytest", *arguments), **test_settings())


def lint(arguments: list[str]) -> int:
    """Check format, style, types and who imports whom."""
    return call_each(lint_commands(make_environment(["build", "run", "dev"])), arguments)


def check(arguments: list[str]) -> int:
    """Do all that lint does, test the built packages, and see that the reference documents are up to date."""
    environment = make_environment(["build", "run", "dev"])
    commands = lint_commands(environment)
    commands += [python(environment, "tools/check_wheels.py"), python(environment, "tools/docs.py", "--check")]
    return call_each(commands, arguments)


def format_code(arguments: list[str]) -> int:
    """Format the code and mend what can be mended by rule."""
    environment = make_environment(["build", "run", "dev"])
    commands = [python(environment, "-m", "ruff", "format"), python(environment, "-m", "ruff", "check", "--fix")]
    return call_each(commands, arguments)


def docs(arguments: list[str]) -> int:
    """Write the reference documents from the program itself."""
    return call(python(make_environment(["build", "run", "dev"]), "tools/docs.py", *arguments))


def bench(arguments: list[str]) -> int:
    """Measure speed and agreement; the last line is one JSON object."""
    environment = make_environment(["build", "run", "dev"])
    settings = test_settings()
    oracle = make_oracle()
    if oracle is not None:
        settings["UNSLOUCH_ORACLE_PYTHON"] = str(oracle)
    return call(python(environment, "-m", "bench", *arguments), **settings)


def lock(arguments: list[str]) -> int:
    """Write requirements/*.lock anew; add --upgrade for the newest versions."""
    uv = program(make_environment(["build", "run", "dev"]), "uv")
    for name, sources in LOCK_SOURCES.items():
        write_lock(uv, name, sources, arguments)
    return 0


def clean(arguments: list[str]) -> int:  # noqa: ARG001
    """Remove the environments and caches."""
    names = (
        ".venv",
        ".venv-oracle",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".import_linter_cache",
        ".hypothesis",
    )
    for name in names:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "lint": lint,
    "format": format_code,
    "docs": docs,
    "bench": bench,
    "lock": lock,
    "clean": clean,
}


def lint_commands(environment: Path) -> list[list[str]]:
    """Return the commands that read the code without running it."""
    return [
        python(environment, "-m", "ruff", "format", "--check"),
        python(environment, "-m", "ruff", "check"),
        python(environment, "-m", "mypy"),
        [program(environment, "lint-imports"), "--no-logo"],
    ]


def call_each(commands: list[list[str]], arguments: list[str]) -> int:
    """Run every command, also after one has failed, and say at the end which did."""
    if arguments:
        raise SetUpError("this verb takes no arguments.")
    failed = []
    for command in commands:
        name = " ".join([Path(command[0]).name, *command[1:]])
        print(f"-- {name}", flush=True)
        if call(command) != 0:
            failed.append(name)
    print(f"failed: {'; '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def call(command: list[str], **environment: str) -> int:
    """Run a command in the repository and return its exit code; Ctrl-C is the command's to answer."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
