"""Styled lines: what layouts are made of and `terminal` paints."""

from __future__ import annotations

from textwrap import wrap
from typing import NamedTuple, TypeAlias


class Span(NamedTuple):
    """Text in one style."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Span, ...]


def plain(line: Line) -> str:
    """The line without styles, and without blanks at its end."""
    return "".join(span.text for span in line).rstrip()


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines; words, and paths, are never broken."""
    return wrap(
        text,
        max(width, 20),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
