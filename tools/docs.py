"""Write docs/reference/ from the program itself, or with --check say what is out of date."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import typing
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unslouch.catalogue.load import json_schema
from unslouch.core.exercise import Exercise
from unslouch.core.features import FEATURES
from unslouch.exports.schema import analysis_schema

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by `make docs` from the program; do not edit. -->\n"


def main(arguments: list[str]) -> int:
    """Write or compare every page; return an exit code."""
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    unknown = sorted(path.name for path in REFERENCE.iterdir() if path.name not in PAGES)
    if "--check" in arguments and (stale or unknown):
        print(f"docs/reference is out of date ({', '.join(stale + unknown)}): run `make docs`.", file=sys.stderr)
        return 1
    print(f"docs/reference: {len(PAGES)} pages are up to date" if not stale else f"wrote {', '.join(stale)}")
    return 0


# --- the command line -------------------------------------------------------------------------------------------------


def make_cli_page() -> str:
    """Describe every command from its parser; argparse's own help differs between Pythons."""
    from unslouch.cli.main import build_parser

    parser = build_parser()
    lines = [MADE, "# The command line", "", *describe_parser(parser)]
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, command in action.choices.items():
                lines += [f"## {parser.prog} {name}", "", *describe_parser(command)]
    return "\n".join(lines).rstrip() + "\n"


def describe_parser(parser: argparse.ArgumentParser) -> list[str]:
    """Return a parser's description, and a table of its arguments."""
    lines = [line for line in (parser.description, "") if line is not None]
    rows = []
    for action in parser._actions:  # noqa: SLF001
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction):  # noqa: SLF001
            continue
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            rows += [(f"`{choice.dest}`", choice.help or "") for choice in action._choices_actions]  # noqa: SLF001
            continue
        values = {"default": action.default, "prog": parser.prog}
        rows.append((f"`{argument_name(action)}`", (action.help or "") % values))
    if rows:
        lines += ["| argument | what it does |", "| --- | --- |"]
        lines += [f"| {escape(name)} | {escape(text)} |" for name, text in rows]
        lines.append("")
    if parser.epilog:
        lines += [parser.epilog, ""]
    return lines


def argument_name(action: argparse.Action) -> str:
    """Return `--option VALUE`, or the name of a positional argument."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None and action.metavar is None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return value + (" …" if action.nargs in {"+", "*"} else "")
    return ", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {value}")


# --- exercise files ---------------------------------------------------------------------------------------------------


def make_schema() -> str:
    """Give the JSON Schema of an exercise file, for editors."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def make_exercise_page() -> str:
    """List every key of an exercise file."""
    lines = [MADE, "# Exercise files: every key", ""]
    lines += [
        "A key with a default may be left out. `exercise.schema.json` says the same to an editor; the features are in"
    ]
    lines += ["`features.md`; what angles mean is in `../glossary.md`.", ""]
    done: list[type] = []
    waiting: list[type] = [Exercise]
    while waiting:
        table = waiting.pop(0)
        if table in done:
            continue
        done.append(table)
        lines += [
            f"## {table.__name__}",
            "",
            *clean_docstring(table),
            "",
            "| key | type | default |",
            "| --- | --- | --- |",
        ]
        hints = typing.get_type_hints(table)
        for field in dataclasses.fields(table):
            waiting += tables_in(hints[field.name])
            default = escape(describe_default(field))
            lines.append(f"| `{field.name}` | {escape(describe_type(hints[field.name]))} | {default} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def clean_docstring(table: type) -> list[str]:
    """Return a class's docstring as Markdown lines."""
    lines = [line.strip() for line in (table.__doc__ or "").strip().splitlines()]
    return [line for line in lines if line != "Attributes" and set(line) != {"-"}]


def tables_in(hint: Any) -> list[type]:
    """Return the dataclasses inside a type."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return [hint]
    return [table for part in typing.get_args(hint) for table in tables_in(part)]


def describe_type(hint: Any) -> str:
    """Say a type in the words of a file."""
    parts = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return " or ".join(json.dumps(part) for part in parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return f"list of {describe_type(parts[0])}"
    if origin is tuple:
        return f"[{', '.join(describe_type(part) for part in parts)}]"
    if origin is not None and len(parts) == 2 and issubclass_safely(origin, typing.Mapping):
        return f"table of {describe_type(parts[1])}, keys: {describe_type(parts[0])}"
    if parts:
        return " or ".join(describe_type(part) for part in parts if part is not type(None))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " or ".join(json.dumps(member.value) for member in hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return {str: "text", float: "number", int: "whole number", bool: "true or false"}.get(hint, str(hint))


def issubclass_safely(origin: Any, wanted: Any) -> bool:
    """Say whether a type's origin is some kind of class."""
    return isinstance(origin, type) and issubclass(origin, typing.get_origin(wanted) or wanted)


def describe_default(field: dataclasses.Field[Any]) -> str:
    """Say a key's default; a key without one is needed."""
    if field.default_factory is not dataclasses.MISSING:
        return "nothing"
    if field.default is dataclasses.MISSING:
        return "needed"
    if field.default is None or field.default == ():
        return "nothing"
    if dataclasses.is_dataclass(field.default):
        return "its own defaults"
    values = field.default.value if isinstance(field.default, Enum) else field.default
    return f"`{json.dumps(values, ensure_ascii=False, default=str)}`"


def make_features_page() -> str:
    """List the features that exercise files may name."""
    lines = [
        MADE,
        "# Features",
        "",
        "What an exercise file may compare, each computed in every frame by the function of this",
    ]
    lines += ["name in `core/features.py`. A sided feature is about one arm or one half of the body.", ""]
    lines += ["| feature | unit | sided | what it is |", "| --- | --- | --- | --- |"]
    for feature in FEATURES.values():
        doc = " ".join(feature.doc.split())
        lines.append(f"| `{feature.name}` | {feature.unit} | {'yes' if feature.sided else 'no'} | {escape(doc)} |")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Keep a text inside one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def make_analysis_schema() -> str:
    """Give the JSON Schema of an analysis, for programs that read it."""
    return json.dumps(analysis_schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "analysis.schema.json": make_analysis_schema,
    "cli.md": make_cli_page,
    "exercise-file.md": make_exercise_page,
    "exercise.schema.json": make_schema,
    "features.md": make_features_page,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
