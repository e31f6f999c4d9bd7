"""Flags for settings: one per field of `Settings`, in groups for the help text."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from racecheck.cli.parser import Parser
from racecheck.settings.schema import fields

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Rules": ("select", "ignore", "extend-select", "min-confidence", "fail-on", "strict"),
    "What the code runs on": ("free-threaded", "target-version", "models"),
    "Files": (
        "exclude",
        "extend-exclude",
        "force-exclude",
        "respect-gitignore",
        "project",
        "require-reason",
        "external",
    ),
    "Known findings": ("baseline",),
    "Output": ("output-format", "output", "exit-zero"),
    "Speed": ("jobs", "cache", "cache-dir"),
}

WATCHING: Final = {
    "Watching": tuple(
        f"run.{key}"
        for key in ("watch", "trace", "backend", "hang-timeout", "hang-action", "notes")
    ),
    "Rules": ("select", "ignore", "extend-select", "run.fail-on"),
    "Known findings": ("baseline",),
    "Output": ("output-format", "output", "exit-zero", "run.trace-file"),
}
"""The settings that are flags of `racecheck run`, without the name of their table."""

REPORTING: Final = {
    "Rules": ("select", "ignore", "extend-select", "run.fail-on", "run.notes"),
    "Known findings": ("baseline",),
    "Output": ("output-format", "output", "exit-zero"),
}
"""Those of `racecheck report`."""

EXPLORING: Final = {
    "Exploring": tuple(
        f"explore.{key}"
        for key in (
            *("schedules", "time", "strategy", "seed", "depth", "bound", "timeouts"),
            *("keep-going", "jobs", "cluster", "trace", "backend"),
        )
    ),
    "Bounds of one run": tuple(
        f"explore.{key}" for key in ("threads", "steps", "run-time", "away-time")
    ),
    "Rules": ("select", "ignore", "extend-select", "explore.fail-on"),
    "Known findings": ("baseline",),
    "Output": ("output-format", "output", "exit-zero"),
}
"""Those of `racecheck explore`."""

CONFIRMING: Final = {
    "For each finding, in each test": ("explore.schedules", "explore.time"),
    "What is looked at": ("explore.trace", "explore.backend"),
    "Bounds of one run": EXPLORING["Bounds of one run"],
    "What the code runs on": GROUPS["What the code runs on"],
    "Rules": ("select", "ignore", "extend-select", "min-confidence", "explore.fail-on"),
    "Known findings": ("baseline",),
    "Output": ("output-format", "output", "exit-zero"),
}
"""Those of `racecheck confirm`."""

REPLAYING: Final = {
    "Replaying": ("explore.trace", "explore.backend"),
    **{title: keys for title, keys in EXPLORING.items() if title != "Exploring"},
}
"""Those of `racecheck replay`."""

FILE_ONLY: Final = frozenset(
    {"per-file-ignores", "suppress", *(key for key in fields() if key.startswith("pytest."))}
)
"""Settings without a flag: tables are written in a file or with --config, pytest has its own."""

_SHORT: Final = {"output": "-o", "jobs": "-j"}
_METAVARS: Final = {
    "select": "RULES",
    "ignore": "RULES",
    "extend-select": "RULES",
    "external": "CODES",
    "models": "PATH",
    "exclude": "GLOB",
    "extend-exclude": "GLOB",
    "baseline": "FILE",
    "project": "DIR",
    "output": "FORMAT:FILE",
    "jobs": "N",
    "cache-dir": "DIR",
    "target-version": "3.N",
    "output-format": "FORMAT",
    **dict.fromkeys(("explore.schedules", "explore.seed", "explore.depth"), "N"),
    **dict.fromkeys(("explore.bound", "explore.jobs"), "N"),
    **dict.fromkeys(("explore.threads", "explore.steps"), "N"),
    **dict.fromkeys(("explore.time", "explore.run-time", "explore.away-time"), "TIME"),
    "explore.strategy": "NAME",
    "explore.timeouts": "WHEN",
    "explore.backend": "NAME",
    "explore.trace": "PACKAGES",
    "explore.cluster": "ADDRESS",
    "run.watch": "WORDS",
    "run.trace": "PACKAGES",
    "run.hang-timeout": "TIME",
    "run.backend": "NAME",
    "run.hang-action": "ACTION",
    "run.trace-file": "FILE",
}


def add_settings(parser: Parser) -> None:
    """A flag for every setting of lint that has one."""
    for title, group in _add_groups(parser, GROUPS):
        if title == "Known findings":
            _add_writers(group)


def add_watching(parser: Parser) -> None:
    """A flag for every setting of a watched run."""
    add_groups(parser, WATCHING)


def add_groups(parser: Parser, groups: Mapping[str, tuple[str, ...]]) -> None:
    """Flags for some settings."""
    for _ in _add_groups(parser, groups):
        pass


def _add_groups(
    parser: Parser, groups: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, argparse._ArgumentGroup]]:
    known = fields()
    for title, keys in groups.items():
        group = parser.add_argument_group(title)
        for key in keys:
            kind, meta, *_ = get_args(known[key].type)
            _add(group, key, kind, meta, known[key].default)
        yield title, group


def _add_writers(group: argparse._ArgumentGroup) -> None:
    one = group.add_mutually_exclusive_group()
    one.add_argument(
        "--update-baseline", action="store_true", help="write all that is found to the baseline"
    )
    one.add_argument(
        "--prune-baseline", action="store_true", help="take out of it what is no longer found"
    )


def _add(group: argparse._ArgumentGroup, key: str, kind: Any, meta: Any, default: Any) -> None:
    names = [f"--{key.rpartition('.')[2]}", *([_SHORT[key]] if key in _SHORT else [])]
    text = str(meta.description).replace("%", "%%")
    if kind is bool:
        _add_switch(group, key, text, default=bool(default))
    elif kind == tuple[str, ...]:
        group.add_argument(*names, action="append", metavar=_METAVARS[key], help=text)
    elif get_origin(kind) is Literal:
        choices = ", ".join(get_args(kind))
        shown = "" if default == get_args(kind)[0] and key != "output-format" else default
        help_text = f"{text}: {choices}" + (f" (default {shown})" if shown else "")
        group.add_argument(*names, metavar=_METAVARS.get(key, "GRADE"), help=help_text)
    else:
        number = int if kind is int else str
        group.add_argument(*names, type=number, metavar=_METAVARS[key], help=text)


def _add_switch(group: argparse._ArgumentGroup, key: str, text: str, *, default: bool) -> None:
    """The flag that changes the default is in the help; the other one only overrides a file."""
    name = key.rpartition(".")[2]
    on, off = f"--{name}", f"--no-{name}"
    dest = name.replace("-", "_")
    group.add_argument(
        on,
        dest=dest,
        action="store_true",
        default=None,
        help=argparse.SUPPRESS if default else text,
    )
    group.add_argument(
        off,
        dest=dest,
        action="store_false",
        default=None,
        help=f"do not {text}" if default else argparse.SUPPRESS,
    )


def overrides(options: argparse.Namespace, table: str = "") -> dict[str, Any]:
    """What was given, by setting; lists may be written with commas as well.

    `table`: where the settings of the command stand that others may have too (`run`).
    """
    given: dict[str, Any] = {}
    for key in fields():
        inner, dot, name = key.rpartition(".")
        if inner != table and (dot or f"{table}.{key}" in fields()):
            continue
        value = getattr(options, name.replace("-", "_"), None)
        if isinstance(value, list):
            words = value if key == "output" else [w for v in value for w in v.split(",")]
            value = tuple(word.strip() for word in words if word.strip())
        if value is not None:
            given[key] = value
    return given


def add_show(parser: Parser) -> None:
    """How much is shown, and how."""
    show = parser.add_argument_group("Show")
    show.add_argument("--stacks", action="store_true", help="the callers of every side")
    show.add_argument(
        "-q", "--quiet", action="count", default=0, help="findings only; -qq: exit code only"
    )
    show.add_argument("-v", "--verbose", action="store_true", help="strategies, what went unseen")
    show.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="paint the findings"
    )


def add_sources(parser: Parser) -> None:
    """Where settings come from."""
    group = parser.add_argument_group("Settings")
    group.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE|FILE",
        help="a setting, or a settings file to use instead of the project's",
    )
    group.add_argument(
        "--isolated", action="store_true", help="read no settings file and no environment"
    )
