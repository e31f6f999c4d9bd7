"""`racecheck report`."""

from __future__ import annotations

from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser
from racecheck.core.errors import UsageError

_EXAMPLES: Final = (
    "racecheck report trace.jsonl                     what --trace-file wrote",
    "racecheck report found.json -o sarif:found.sarif a saved result in another format",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "report",
        "Show a saved result or a trace again, in any format.",
        "racecheck report [options] FILE",
        _EXAMPLES,
    )
    options.add_groups(parser, options.REPORTING)
    options.add_sources(parser)
    show = parser.add_argument_group("Show")
    show.add_argument("--stacks", action="store_true", help="the callers of every side")
    show.add_argument(
        "-q", "--quiet", action="count", default=0, help="findings only; -qq: exit code only"
    )
    show.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="paint the findings"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Read it, write every report, return the exit code."""
    given, names = build().read(arguments)
    if len(names) != 1:
        what = "which file?" if not names else f"one file, not {len(names)}"
        raise UsageError(what, "racecheck report FILE, a trace or what `-o json:FILE` wrote")
    from racecheck.cli import reporting

    return reporting.run(given, names[0])
