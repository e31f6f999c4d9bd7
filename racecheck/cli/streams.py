"""Where output goes and what it can bear: encoding, colour, width."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

NARROWEST: Final = 40
WIDEST: Final = 120
"""Longer lines are hard to read, however wide the terminal."""


def prepare() -> None:
    """Make every character writable: what the stream cannot encode is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """`--color`, then NO_COLOR, FORCE_COLOR, TERM=dumb, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return environment.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees this stream."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def width(stream: TextIO) -> int:
    """Columns of the report."""
    from shutil import get_terminal_size

    from racecheck.report.result import WIDTH

    if not is_terminal(stream):
        return WIDTH
    return min(max(get_terminal_size((WIDTH, 24)).columns, NARROWEST), WIDEST)


def ascii_only(stream: TextIO) -> bool:
    """Whether the stream's encoding has nothing but ASCII for sure."""
    try:
        "é→好".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
