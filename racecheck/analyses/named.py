"""Calls by name: what many analyses ask of the whole program, gone through once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from racecheck.program.model import Function, Link, Program


class Calls:
    """All calls of a program, by what they call and by how that is written."""

    def __init__(self, program: Program) -> None:
        self._all = [link for function in program.functions.values() for link in function.calls]
        self._of: dict[str, list[int]] = defaultdict(list)
        self._ending: dict[str, list[int]] = defaultdict(list)
        for number, link in enumerate(self._all):
            if link.external:
                self._of[link.external].append(number)
            if link.constructs:
                self._of[link.constructs].append(number)
            self._ending[link.call.path.rpartition(".")[2]].append(number)

    def of(self, names: Iterable[str]) -> list[Link]:
        """Calls of what has one of these qualified names, outside or a class of the project."""
        return self._in_order(self._of, names)

    def on(self, owners: Collection[str]) -> list[Link]:
        """Calls of methods of library classes with these qualified names."""
        return self.of([name for name in self._of if name.rpartition(".")[0] in owners])

    def ending(self, names: Iterable[str]) -> list[Link]:
        """Calls whose path ends in one of these names: `stop()`, `self.worker.stop()`."""
        return self._in_order(self._ending, names)

    def _in_order(self, table: dict[str, list[int]], names: Iterable[str]) -> list[Link]:
        """In the order of the program, each once."""
        numbers = {number for name in names if name in table for number in table[name]}
        return [self._all[number] for number in sorted(numbers)]


def by_function(links: Iterable[Link]) -> dict[Function, list[Link]]:
    """The calls by the function that makes them."""
    found: dict[Function, list[Link]] = {}
    for link in links:
        found.setdefault(link.caller, []).append(link)
    return found
