"""`unslouch analyze`: recordings in, counted and judged repetitions out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from unslouch.analysis import Account, account_for
from unslouch.bootstrap import load_catalogue, open_estimator, open_video
from unslouch.catalogue import CatalogueError, load_exercise
from unslouch.core.exercise import Exercise
from unslouch.core.pose import PoseFrame
from unslouch.exports import report
from unslouch.exports.safely import ExportError, write_text
from unslouch.ports import Frame, FrameSource, PoseEstimator, SourceError

DONE, USAGE, UNREADABLE, NOBODY = 0, 2, 3, 4
STANDARD_OUTPUT = Path("-")
tqdm.monitor_interval = 0  # frames come steadily: no thread need watch over the bar


class UsageError(Exception):
    """The options do not go together; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one recording."""

    code: int
    account: Account | None = None


def analyze(options: argparse.Namespace) -> int:
    """Analyse every recording; returns the worst exit code."""
    try:
        candidates = choose_exercises(options.exercise)
        check_options(options)
    except (CatalogueError, UsageError) as error:
        print(error, file=sys.stderr)
        return USAGE
    estimator = open_estimator()
    accounts: list[tuple[str, Account]] = []
    code = DONE
    try:
        for video in options.videos:
            result = analyze_one(video, candidates, estimator, options.annotate)
            code = max(code, result.code)
            if result.account is not None:
                accounts.append((str(video), result.account))
                quiet = STANDARD_OUTPUT in (options.json, options.csv) or result.code == NOBODY
                print(report.to_words(str(video), result.account), file=sys.stderr if quiet else sys.stdout)
        write_files(options, accounts)
    except ExportError as error:
        print(error, file=sys.stderr)
        return USAGE
    finally:
        estimator.close()
    return code


def choose_exercises(wanted: str) -> list[Exercise]:
    """Read the exercises to look for: one by id or file, or all.

    Raises
    ------
    UsageError : there is no such exercise.
    CatalogueError : a file is wrong.
    """
    if wanted.endswith(".toml"):
        return [load_exercise(Path(wanted))]
    catalogue = load_catalogue()
    if wanted == "auto":
        return list(catalogue.values())
    if wanted not in catalogue:
        raise UsageError(f"There is no exercise {wanted!r}; there are {', '.join(catalogue)}, or auto.")
    return [catalogue[wanted]]


def check_options(options: argparse.Namespace) -> None:
    """Refuse what cannot work before any work is done.

    Raises
    ------
    UsageError : with what to change.
    """
    if options.annotate is not None and len(options.videos) > 1:
        raise UsageError("--annotate takes one recording at a time.")
    if options.json == STANDARD_OUTPUT == options.csv:
        raise UsageError("Only one of --json and --csv can go to standard output.")
    for name in ("json", "csv", "annotate"):
        path = getattr(options, name)
        if path is None or path == STANDARD_OUTPUT:
            continue
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise UsageError(f"--{name} {path}: there is no folder to write that file in.")
        if any(path.resolve() == video.resolve() for video in options.videos):
            raise UsageError(f"--{name} {path} would overwrite the recording.")
    outputs = [path.resolve() for path in (options.json, options.csv, options.annotate) if path is not None]
    if len(set(outputs)) < len(outputs):
        raise UsageError("--json, --csv and --annotate must name different files.")


def analyze_one(video: Path, candidates: list[Exercise], estimator: PoseEstimator, annotate: Path | None) -> Result:
    """Analyse one recording and say what is wrong with it, if anything is."""
    estimator.reset()
    try:
        poses = list(see(video, estimator))
    except SourceError as error:
        print(error, file=sys.stderr)
        return Result(UNREADABLE)
    account = account_for(poses, candidates)
    if annotate is not None:
        try:
            draw(video, annotate, poses, account)
        except SourceError as error:
            print(error, file=sys.stderr)
            return Result(UNREADABLE)
    return Result(DONE if account.somebody else NOBODY, account)


def see(video: Path, estimator: PoseEstimator) -> Iterator[PoseFrame]:
    """Locate the person in every frame.

    Raises
    ------
    SourceError : the recording cannot be read, or has no frame.
    """
    seen = False
    for frame in read(video, "looking", tell_damage=True):
        seen = True
        yield estimator.estimate(frame)
    if not seen:
        raise SourceError(f"{video} holds no picture that can be read.")


def read(video: Path, what: str, *, tell_damage: bool = False) -> Iterator[Frame]:
    """Read a recording with a progress bar.

    Raises
    ------
    SourceError : it cannot be read.
    """
    source: FrameSource = open_video(video)
    total = round(source.duration_s, 1) if source.duration_s else None
    layout = "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s [{elapsed}<{remaining}]"
    try:
        with tqdm(total=total, desc=f"{video.name}, {what}", bar_format=layout if total else None, disable=None) as bar:
            first_s: float | None = None
            for frame in source:
                first_s = frame.t_s if first_s is None else first_s
                bar.update(max(0.0, min(frame.t_s - first_s, total or frame.t_s) - bar.n))
                yield frame
        if tell_damage and source.damaged:
            print(f"{video} is damaged or was cut off; what can be read of it is analysed.", file=sys.stderr)
    finally:
        source.close()


def draw(video: Path, out: Path, poses: list[PoseFrame], account: Account) -> None:
    """Write the recording with what was seen in it.

    Raises
    ------
    SourceError, ExportError : it cannot be read, or the result not written.
    """
    from unslouch.exports.annotate import annotate

    frames = read(video, "drawing")
    annotate(out, zip(frames, poses, account.moments, strict=False), account)


def write_files(options: argparse.Namespace, accounts: list[tuple[str, Account]]) -> None:
    """Write what was asked for, each file whole; one recording is an object, several are a list.

    Raises
    ------
    ExportError : a file cannot be written.
    """
    if options.json is not None and accounts:
        plain = [report.to_plain(video, account) for video, account in accounts]
        text = json.dumps(plain if len(options.videos) > 1 else plain[0], indent=2, ensure_ascii=False) + "\n"
        put(options.json, text)
    if options.csv is not None and accounts:
        put(options.csv, report.to_csv(accounts))


def put(path: Path, text: str) -> None:
    """Write a file, or to standard output for -."""
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        write_text(path, text)
