"""`racecheck confirm`."""

from __future__ import annotations

from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser

_EXAMPLES: Final = (
    "racecheck confirm                               findings here, by the tests here",
    "racecheck confirm src --tests tests/unit        in src, by these tests",
    "racecheck confirm --from found.json             those of a saved lint or run",
    "racecheck confirm src -- -k bank --slow         what follows `--` is for pytest",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "confirm",
        "Show which findings happen in the tests that reach them, or what keeps them away.",
        "racecheck confirm [options] [PATH ...] [-- PYTEST OPTIONS]",
        _EXAMPLES,
    )
    group = parser.add_argument_group("What to confirm, and by what")
    group.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="TARGET",
        help="tests, as pytest takes them (default: those that pytest finds here)",
    )
    group.add_argument(
        "--from", dest="source", default="", metavar="FILE", help="findings saved as JSON"
    )
    options.add_groups(parser, options.CONFIRMING)
    options.add_sources(parser)
    options.add_show(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Confirm, write every report, return the exit code."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    given, paths = build().read(arguments[:end])
    # Why here: `--help` and a mistyped option do not pay for what exploring needs.
    from racecheck.cli import confirming

    return confirming.run(given, paths, arguments[end + 1 :], arguments)
