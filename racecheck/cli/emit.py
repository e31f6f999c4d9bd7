"""Writes a result to stdout and to files, each in its format."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from racecheck import __version__
from racecheck.cli import streams
from racecheck.core.errors import UsageError
from racecheck.report import registry
from racecheck.report.result import Context, Result
from racecheck.report.rules import rule_text
from racecheck.report.sources import SourceLines
from racecheck.settings import Loaded

FOR_PEOPLE: Final = frozenset({"full", "concise"})
STDOUT: Final = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Target:
    """A format and the file it goes to; None is stdout."""

    format: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class View:
    """How reports are to look. `annotate`: GitHub annotations after text for people.

    `statistics`: numbers instead of findings on stdout; files hold the findings in any case.
    `texts` holds the text of files that are not on disk.
    """

    color: str = "auto"
    statistics: bool = False
    silent: bool = False
    annotate: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    stacks: bool = False


def targets(loaded: Loaded) -> list[Target]:
    """What to write where; raises before any work is done if a format is not known.

    `-o FORMAT:` takes stdout over from the default format, not from one that was asked for.
    """
    extra = [_target(text) for text in loaded.settings.output]
    taken = any(target.path is None for target in extra)
    asked = loaded.origins.get("output-format", "default") != "default"
    main = [] if taken and not asked else [Target(loaded.settings.output_format, None)]
    for target in (*main, *extra):
        registry.get(target.format)
    return [*main, *extra]


def _target(text: str) -> Target:
    name, colon, path = text.partition(":")
    if not colon:
        raise UsageError(
            f"`{text}` is no FORMAT:FILE", f"for example {name or 'json'}:report.{name or 'json'}"
        )
    return Target(name, None if path in STDOUT else Path(path))


def load(targets: Sequence[Target]) -> None:
    """Import what writing needs, before a program changes what can be imported."""
    for target in targets:
        registry.get(target.format)


def write(
    result: Result, targets: Sequence[Target], view: View, stream: TextIO | None = None
) -> None:
    """Every report. Files are written even if stdout (or `stream`) is to stay silent."""
    for target in targets:
        if target.path is not None:
            _write_file(result, target, view)
        elif not view.silent:
            show(result, target.format, view, stream or sys.stdout)


def show(result: Result, name: str, view: View, stream: TextIO) -> None:
    """One report on a stream."""
    context = _context(view, stream)
    formats = [name, "github"] if view.annotate and name in FOR_PEOPLE else [name]
    for one in formats:
        stream.writelines(registry.get(one).render(result, context))
    stream.flush()


def _write_file(result: Result, target: Target, view: View) -> None:
    assert target.path is not None
    context = _context(view, None)
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        with target.path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(registry.get(target.format).render(result, context))
    except OSError as error:
        raise UsageError(f"cannot write {target.path}: {error.strerror}") from error


def _context(view: View, stream: TextIO | None) -> Context:
    return Context(
        version=__version__,
        lines=SourceLines(view.texts),
        rule=rule_text,
        width=streams.width(stream) if stream else Context().width,
        color=streams.wants_color(view.color, stream) if stream else False,
        ascii_only=streams.ascii_only(stream) if stream else False,
        statistics=view.statistics and stream is not None,
        stacks=view.stacks,
    )
