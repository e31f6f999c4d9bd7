"""`racecheck lint`."""

from __future__ import annotations

from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser

_EXAMPLES: Final = (
    "racecheck lint src                               everything below src",
    "racecheck lint src --select RC1,RC2              only races and deadlocks",
    "racecheck lint src -o sarif:racecheck.sarif      and a file for code scanning",
    "racecheck lint - --stdin-filename app.py < FILE  a text from stdin",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "lint",
        "Find concurrency bugs in the source, without running it.",
        "racecheck lint [options] [PATH ...]",
        _EXAMPLES,
    )
    options.add_settings(parser)
    options.add_sources(parser)
    show = parser.add_argument_group("Show")
    show.add_argument("--statistics", action="store_true", help="numbers instead of findings")
    show.add_argument(
        "-q", "--quiet", action="count", default=0, help="findings only; -qq: exit code only"
    )
    show.add_argument("-v", "--verbose", action="store_true", help="timings, skipped files")
    show.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="paint the findings"
    )
    show.add_argument(
        "--stdin-filename", metavar="PATH", default="", help="what to call the text of `-`"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Lint, write every report, return the exit code."""
    given, paths = build().read(arguments)
    # Why here: `--help` and a mistyped option do not pay for what linting needs.
    from racecheck.cli import linting

    return linting.run(given, paths or ["."], arguments)
