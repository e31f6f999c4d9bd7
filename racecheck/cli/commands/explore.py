"""`racecheck explore`."""

from __future__ import annotations

from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser
from racecheck.core.errors import UsageError

_EXAMPLES: Final = (
    "racecheck explore tests/test_bank.py::test_sum  a test, with its fixtures",
    "racecheck explore bank.worker:main              a function of a module",
    "racecheck explore bank/worker.py:main           or of a file",
    "racecheck explore --time 2m tests               all tests, two minutes each",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "explore",
        "Run a test under many schedules, to make it fail if it can.",
        "racecheck explore [options] TARGET ...",
        _EXAMPLES,
    )
    options.add_groups(parser, options.EXPLORING)
    options.add_sources(parser)
    options.add_show(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Explore, write every report, return the exit code."""
    given, targets = build().read(arguments)
    if not targets:
        raise UsageError(
            "what is to be explored?", "racecheck explore MODULE:FUNCTION, or FILE.py::TEST"
        )
    # Why here: `--help` and a mistyped option do not pay for what exploring needs.
    from racecheck.cli import exploring

    return exploring.run(given, targets, arguments)
