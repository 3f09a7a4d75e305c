"""The command line: `unslouch analyze`, `unslouch serve`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def build_parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = argparse.ArgumentParser(
        prog="unslouch", description="A private coach for band exercises: counts and judges repetitions."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    analyze = commands.add_parser(
        "analyze",
        help="count and judge the repetitions of recordings",
        description="Count and judge the repetitions of recordings. "
        "Exit code: 0 done, 2 usage, 3 a recording cannot be read, 4 nobody is seen; the worst of several.",
    )
    analyze.add_argument("videos", nargs="+", type=Path, metavar="VIDEO", help="a recording")
    analyze.add_argument(
        "--exercise",
        default="auto",
        metavar="ID|FILE|auto",
        help="which exercise it is: an id, an exercise file, or auto to recognise it (default)",
    )
    analyze.add_argument("--json", type=Path, metavar="F", help="write every repetition as JSON; - for standard output")
    analyze.add_argument("--csv", type=Path, metavar="F", help="write a line per repetition; - for standard output")
    analyze.add_argument(
        "--annotate", type=Path, metavar="OUT.mp4", help="write the recording with what was seen in it"
    )
    serve = commands.add_parser("serve", help="open the coach", description="Open the coach in the browser.")
    serve.add_argument("--port", type=_port, help="port to use (default: the first free one)")
    serve.add_argument("--no-open", action="store_true", help="do not open the browser")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = build_parser().parse_args(arguments)
    try:
        if options.command == "serve":
            from unslouch.web.server import serve

            return serve(options.port, open_browser=not options.no_open)
        from unslouch.cli.analyze import analyze

        return analyze(options)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
