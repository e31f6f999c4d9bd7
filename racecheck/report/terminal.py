"""Paints styled lines. Rich is imported only when colour is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from racecheck.report.layout import Line, plain

STYLES: Final = {
    "headline": "bold",
    "possible": "yellow",
    "likely": "yellow",
    "observed": "red",
    "confirmed": "red",
    "side1": "cyan",
    "side2": "magenta",
    "lock": "green",
    "gutter": "blue",
    "help": "",
}
"""Every style that `layout` uses. None of them carries meaning alone."""


def paint(lines: Iterable[Line], *, color: bool) -> Iterator[str]:
    """The lines as text with line ends; with ANSI sequences when `color` is set."""
    if color:
        yield from _with_rich(lines)
        return
    for line in lines:
        yield plain(line) + "\n"


def _with_rich(lines: Iterable[Line]) -> Iterator[str]:
    from rich.console import Console
    from rich.text import Text

    # Why "standard": the eight colours that every terminal and CI log shows.
    console = Console(
        force_terminal=True, color_system="standard", highlight=False, markup=False, emoji=False
    )
    for line in lines:
        text = Text.assemble(*((span.text, STYLES.get(span.style, "")) for span in line))
        text.rstrip()
        with console.capture() as capture:
            console.print(text, soft_wrap=True)
        yield capture.get()
