"""`racecheck explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import dedent, wrap
from typing import Any, Final

import msgspec

from racecheck.catalog.load import rulebook
from racecheck.catalog.rulebook import Example, Rulebook, RuleInfo
from racecheck.cli import streams
from racecheck.cli.parser import Parser
from racecheck.core.errors import ExitCode, UsageError

INDENT: Final = 9
_TIERS: Final = {
    "default": "on by default",
    "optin": "off by default: --extend-select {code}",
    "free-threaded": "on for --free-threaded",
}


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
            sys.stdout.writelines(f"{line}\n" for line in page_lines(page, book, width))
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


def page_lines(page: RuleInfo, book: Rulebook, width: int) -> Iterator[str]:
    """A rule as it is read in a terminal."""
    left = f"{page.code}  {page.name}"
    right = f"{page.severity}, since {page.since}"
    yield f"{left}{' ' * max(width - len(left) - len(right), 2)}{right}"
    yield ""
    yield from _paragraph("What", page.what, width)
    yield from _paragraph("Why", page.why, width)
    yield from _paragraph("Not", page.quiet, width)
    yield from _paragraph("Fix", page.fix, width)
    yield from _paragraph("When", _TIERS[page.tier].format(code=page.code), width)
    for example in page.examples[:1]:
        yield ""
        yield from _example(example, width)
    yield ""
    yield from _paragraph("Silence", f"# racecheck: ignore[{page.code}] -- why this is safe", width)
    see = ", ".join(f"{code} {book.names[code]}" for code in page.see if code in book.names)
    yield from _paragraph("See also", see, width)
    for reference in page.references:
        yield from _paragraph("", reference, width)


def _paragraph(title: str, text: str, width: int) -> Iterator[str]:
    for part in dedent(text).strip().split("\n\n") if text else ():
        head = title
        for line in wrap(" ".join(part.split()), max(width - INDENT, 30), break_long_words=False):
            yield f"{head:<{INDENT}}{line}"
            head = ""
        title = ""


def _example(example: Example, width: int) -> Iterator[str]:
    """Bad and good beside each other if they fit, else one below the other."""
    bad, good = (_code(text) for text in (example.bad, example.good))
    left = max(len(line) for line in (*bad, "Bad")) + 4
    if left + max(len(line) for line in (*good, "Good")) <= width:
        for one, other in zip_longest(["Bad", *bad], ["Good", *good], fillvalue=""):
            yield f"{one:<{left}}{other}".rstrip()
        return
    yield "Bad"
    yield from bad
    yield ""
    yield "Good"
    yield from good


def _code(text: str) -> list[str]:
    return [f"  {line}".rstrip() for line in dedent(text).strip("\n").splitlines()]
