"""`racecheck explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from racecheck.catalog.explain import explain
from racecheck.catalog.load import rulebook
from racecheck.catalog.rulebook import Rulebook, RuleInfo
from racecheck.cli import streams
from racecheck.cli.parser import Parser
from racecheck.core.errors import ExitCode, UsageError


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "explain",
        "Say what a rule means, with examples.",
        "racecheck explain [options] [RULE ...]",
        (
            "racecheck explain RC301                 one rule, by its code",
            "racecheck explain useless-with-lock     or by its name",
            "racecheck explain --list                all rules",
        ),
    )
    parser.add_argument("--list", action="store_true", help="all rules, one a line")
    parser.add_argument("--json", action="store_true", help="for other programs")
    return parser


def run(arguments: list[str]) -> int:
    """Print rules."""
    given, names = build().read(arguments)
    book = rulebook()
    if not names and not given.list:
        raise UsageError("which rule?", "`racecheck explain --list` shows all rules")
    pages = [book.get(code) for code in (_codes(names, book) if names else sorted(book.names))]
    width = streams.width(sys.stdout)
    if given.json:
        json.dump([_data(page) for page in pages], sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif given.list:
        room = width if streams.is_terminal(sys.stdout) else 0
        sys.stdout.writelines(f"{line}\n" for line in _table(pages, room))
    else:
        for index, page in enumerate(pages):
            sys.stdout.write("\n" if index else "")
            sys.stdout.writelines(f"{line}\n" for line in explain(page, book.names, width))
    return ExitCode.CLEAN


def _codes(names: Sequence[str], book: Rulebook) -> list[str]:
    return sorted({code for name in names for code in book.select([name])})


def _data(page: RuleInfo) -> dict[str, Any]:
    return dict(msgspec.to_builtins(page))


def _table(pages: Sequence[RuleInfo], width: int) -> Iterator[str]:
    """One line a rule; cut at `width` for people, whole (0) for other programs."""
    longest = max((len(page.name) for page in pages), default=0)
    for page in pages:
        mark = " " if page.tier == "default" else "-"
        line = f"{page.code} {mark} {page.name:<{longest}}  {page.severity:<7}  {page.summary}"
        yield line if not width or len(line) <= width else line[: width - 3].rstrip() + "..."
    if any(page.tier != "default" for page in pages):
        yield ""
        yield "- off by default: select it, or lint with --free-threaded (RC7)"
