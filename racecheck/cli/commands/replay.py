"""`racecheck replay`."""

from __future__ import annotations

from typing import Final

from racecheck.cli import options
from racecheck.cli.parser import Parser
from racecheck.core.errors import UsageError

_EXAMPLES: Final = (
    "racecheck replay rc1:AVBQK3Q...                 the test that it was found with",
    "racecheck replay rc1:AVBQK3Q... bank.worker:main one that is named",
    "racecheck replay CAFQ2ZQX                       a file of .racecheck/schedules",
)


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "replay",
        "Run one schedule again, exactly, and say whether it still fails.",
        "racecheck replay [options] SCHEDULE [TARGET]",
        _EXAMPLES,
    )
    options.add_groups(parser, options.REPLAYING)
    options.add_sources(parser)
    options.add_show(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Replay, write every report, return the exit code."""
    given, words = build().read(arguments)
    if not words:
        raise UsageError("which schedule?", "racecheck replay rc1:..., as `explore` printed it")
    if len(words) > 2:
        raise UsageError(
            f"one schedule and one target, not {len(words) - 1} targets",
            "racecheck replay SCHEDULE [TARGET]",
        )
    from racecheck.cli import replaying

    return replaying.run(given, words[0], words[1] if len(words) > 1 else "", arguments)
