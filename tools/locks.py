"""Writes requirements/*.lock: every package pinned by hash, no index named, the same for every system."""

from __future__ import annotations

import os
import subprocess

from environment import LOCKS, ROOT
from machine import SetUpError

LOCK_SOURCES: dict[str, list[str]] = {
    "build": ["requirements/build.in"],
    "run": ["pyproject.toml", "--constraint", "requirements/build.lock"],
    "dev": ["--group", "dev", "--constraint", "requirements/build.lock", "--constraint", "requirements/run.lock"],
    "oracle": ["requirements/oracle.in"],
}


def write_lock(uv: str, name: str, sources: list[str], arguments: list[str]) -> None:
    """Pin one set of packages for every system and Python that is supported."""
    command = [uv, "pip", "compile", *sources, "--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-package", "unslouch-pose-model", "--no-annotate"]
    command += ["--no-header", "--quiet", "--output-file", f"requirements/{name}.lock", *arguments]
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
    if subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode != 0:
        raise SetUpError(f"requirements/{name}.lock could not be written.")
    file = LOCKS / f"{name}.lock"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"# Written by `make lock`; every file is pinned by its hash.\n{text}", encoding="utf-8")
