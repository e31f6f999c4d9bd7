"""`racecheck version`."""

from __future__ import annotations

import sys

from racecheck import __version__
from racecheck.cli.parser import Parser
from racecheck.core.errors import ExitCode


def build() -> Parser:
    """The flags of this command."""
    return Parser("version", "Print the version.", "racecheck version", ("racecheck version",))


def run(arguments: list[str]) -> int:
    """Print it."""
    build().read_none(arguments)
    sys.stdout.write(f"racecheck {__version__}\n")
    return ExitCode.CLEAN
