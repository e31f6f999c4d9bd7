"""Bound methods that are taken as values: their object is where they are taken."""

from __future__ import annotations

from racecheck.program import types
from racecheck.program.model import Function, Program


class Takers:
    """Where functions are taken as values, worked out when somebody asks."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._found: dict[str, list[tuple[Function, str]]] | None = None

    def of(self, function: Function) -> list[tuple[Function, str]]:
        """The functions that take this one as a value, each with the path it is read by."""
        if self._found is None:
            self._found = self._all()
        found = self._found.get(function.name, ()) if function.escapes else ()
        return [(taker, path) for taker, path in found if _denotes(taker, path, function)]

    def _all(self) -> dict[str, list[tuple[Function, str]]]:
        found: dict[str, list[tuple[Function, str]]] = {}
        wanted = {f.name for f in self._program.functions.values() if f.escapes}
        for taker in self._program.functions.values():
            for access in taker.facts.accesses:
                if access.kind == "read" and access.via != "()" and "." in access.path:
                    name = access.path.rpartition(".")[2]
                    if name in wanted:
                        found.setdefault(name, []).append((taker, access.path))
        return found


def _denotes(function: Function, path: str, goal: Function) -> bool:
    return any(t.kind == "function" and t.name == goal.id for t in types.infer(function, path))
