"""The table of `--statistics`."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.report.result import Result, plural


def statistics_lines(result: Result) -> Iterator[str]:
    """Findings per rule, then what was read and what could not be linked."""
    rows = result.by_code()
    width = max((len(str(count)) for _, _, count in rows), default=1)
    for code, name, count in rows:
        yield f"{count:>{width + 2}}  {code}  {name}\n"
    numbers = result.statistics
    analysed = numbers.parsed + numbers.cached
    calls = numbers.linked + numbers.unresolved
    yield (
        f"  {plural(numbers.files, 'file')}, {analysed:,} analysed, {numbers.cached:,} from cache, "
        f"{numbers.skipped:,} skipped. {plural(calls, 'call')}, {numbers.linked:,} linked, "
        f"{numbers.unresolved:,} unknown.\n"
    )
    for note in numbers.notes:
        yield f"  {note}\n"
