"""Memory that grows each time the same thing is done: endless caches, listeners never taken away.

Asked for by name only: `repeat` runs a function several times, and tracemalloc costs a lot.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import is_library, is_ours, shown_path

if TYPE_CHECKING:
    from racecheck.runtime.hooks import Hooks

CODE: Final = "RC442"
WARM: Final = 2
"""Repetitions that fill what is meant to be filled once: caches, imports, pools."""

TIMES: Final = 5
"""Repetitions after those; what grows in every one of them grows for ever."""

LEAST: Final = 64
"""Bytes per repetition that are worth a word."""

DEPTH: Final = 12

Line = tuple[str, int]
Sizes = dict[Line, tuple[int, int]]
"""(bytes, blocks) by the line of the user's code that allocated them."""


class Growth(NamedTuple):
    """What one line keeps of each repetition."""

    line: Line
    bytes: int
    blocks: int
    function: str


class Observer:
    """The observer. It does nothing by itself; whoever runs tests calls `repeat`."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._found: dict[tuple[str, Line], Growth] = {}

    def listen(self, hooks: Hooks) -> None:
        """Nothing is told by hooks."""

    def stop(self) -> None:
        """Nothing was installed."""

    def limits(self) -> list[str]:
        """Memory that C code gets by itself is not seen."""
        return []

    def begin_test(self) -> None:
        """Growth is measured within one call of `repeat`."""

    def forget(self) -> None:
        """It has been reported."""
        self._found.clear()

    def repeat(self, function: Callable[[], Any], times: int = TIMES, name: str = "") -> None:
        """Run `function` again and again; `name` is what it is called in the report.

        What it raises comes out, and nothing is reported then.
        """
        called = name or str(getattr(function, "__qualname__", "the function"))
        ours = not tracemalloc.is_tracing()
        if ours:
            tracemalloc.start(DEPTH)
        try:
            for _ in range(WARM):
                function()
            sizes = [_sizes()]
            for _ in range(times):
                function()
                sizes.append(_sizes())
        finally:
            if ours:
                tracemalloc.stop()
        for growth in grown(sizes, called):
            self._found.setdefault((called, growth.line), growth)

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """One for each line."""
        for growth in list(self._found.values()):
            yield _finding(growth, options)


def _sizes() -> Sizes:
    gc.collect()
    found: Sizes = {}
    for statistic in tracemalloc.take_snapshot().statistics("traceback"):
        line = _line(statistic.traceback)
        if line is not None:
            size, count = found.get(line, (0, 0))
            found[line] = size + statistic.size, count + statistic.count
    return found


def _line(trace: tracemalloc.Traceback) -> Line | None:
    """The innermost line of the user's code; None for what racecheck itself keeps."""
    for frame in reversed(trace):
        if is_ours(frame.filename):
            return None
        if not frame.filename.startswith("<") and not is_library(frame.filename):
            return frame.filename, frame.lineno
    return None


def grown(sizes: list[Sizes], function: str) -> Iterator[Growth]:
    """Lines whose blocks are more after every single repetition."""
    for line in sorted(set().union(*sizes)):
        counts = [one.get(line, (0, 0)) for one in sizes]
        steps = list(pairwise(counts))
        if steps and all(after[1] > before[1] for before, after in steps):
            each = (counts[-1][0] - counts[0][0]) // len(steps)
            if each >= LEAST:
                blocks = (counts[-1][1] - counts[0][1]) // len(steps)
                yield Growth(line, each, blocks, function)


def _finding(growth: Growth, options: RuntimeOptions) -> Finding:
    rule = options.rules.get(CODE, Rule(CODE, "warning"))
    place = Place(shown_path(growth.line[0]), growth.line[1])
    note = f"about {growth.bytes} bytes in {growth.blocks} blocks each time"
    return Finding(
        code=CODE,
        name=rule.name,
        subject=growth.function,
        message=f"Each run of `{growth.function}` keeps memory that the one before did not free",
        place=place,
        confidence=Confidence.OBSERVED,
        severity=Severity(rule.severity),
        steps=(Step("allocates", place, growth.function, note=note),),
        evidence=("it grew in every repetition, after a garbage collection",),
        help=rule.help,
        origin=Origin.RUN,
        context=growth.function,
    )
