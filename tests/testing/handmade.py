"""Programs whose sites are written down as comments, for backends without the analysis.

`# before: self.n` on a statement: a site told before it, about attribute n of the object in
variable self. `# after: self.n`: the same once it has run. `[cell] count` and `[module] total` are
variables. The program starts threads with `spawn(function)`, which returns a function that joins.
"""

from __future__ import annotations

import ast
import re
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from racecheck.runtime import deliver
from racecheck.runtime.sites import CELL, MODULE, VALUE, Access, Mode, Role, Root, Site, What, add
from racecheck.runtime.threads import Origin, current, threads
from racecheck.runtime.tracing.plans import Statement

_MARK = re.compile(r"\b(before|after): (?:\[(cell|module)\] )?([\w.]+)")


class Everything:
    """A scope that covers all files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def covers(self, path: str) -> bool:
        return path.startswith(self._folder)


def statements(source: str, path: str) -> dict[int, list[Statement]]:
    """First line of each function to its statements with sites."""
    found: dict[int, list[Statement]] = {}
    lines = source.splitlines()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[function.lineno] = [
                made
                for node in _own(function)
                for made in [_statement(node, function.name, lines, path)]
                if made is not None
            ]
    return found


def _own(function: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.iter_child_nodes(function):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.stmt):
            yield node
        yield from _own(node)


def _statement(node: ast.stmt, function: str, lines: list[str], path: str) -> Statement | None:
    first, last = node.lineno, node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if isinstance(body, list):
        last = body[0].lineno - 1
    made: dict[str, Site] = {}
    for line in range(first, last + 1):
        for when, kind, what in _MARK.findall(lines[line - 1].partition("#")[2]):
            made[when] = _site(path, function, first, kind, what, when == "after")
    if not made:
        return None
    return Statement(first, last, made.get("before"), made.get("after"))


def _site(path: str, function: str, line: int, kind: str, what: str, after: bool) -> Site:
    root, *steps = what.split(".")
    if kind:
        roots = (Root(CELL, root) if kind == "cell" else Root(MODULE),)
        access = Access(0, (), What.VARIABLE, root, Mode.UPDATE, Role.UPDATE, line, what)
    else:
        roots = (Root(VALUE, root),)
        attribute = What.ATTRIBUTE
        access = Access(
            0, tuple(steps[:-1]), attribute, steps[-1], Mode.UPDATE, Role.UPDATE, line, what
        )
    return add(path, function, line, roots, (access,), after)


class Told:
    """What a backend told, in order: (function, line, "before" | "after", what)."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int, str, str]] = []
        self.values: list[Any] = []
        self.keeps = True

    def record(self, thread: Any, site: Site, values: Any, stack: Any, key: Any) -> None:
        when = "after" if site.after else "before"
        self.events.append((site.function, site.line, when, site.accesses[0].text))
        if self.keeps:
            self.values.append(values[0])

    @property
    def lines(self) -> list[tuple[int, str]]:
        return [(line, when) for _, line, when, _ in self.events]


def spawn(target: Callable[[], object]) -> Callable[[], None]:
    """Start a thread as the interposed `Thread.start` does."""
    parent = current()
    child = threads.fork(parent, "worker", Origin("thread", parent.name, ()))

    def run() -> None:
        threads.begin(child)
        try:
            target()
        finally:
            threads.end(child)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join() -> None:
        thread.join()
        threads.join(current(), child)

    return join


class Watch:
    """Runs one program under one backend."""

    def __init__(self, folder: Path, monkeypatch: Any) -> None:
        self._folder = folder
        self._patch = monkeypatch
        self.told = Told()
        self.backend: Any = None

    def load(self, source: str) -> dict[str, Any]:
        """The globals of the program."""
        path = self._folder / "program.py"
        text = textwrap.dedent(source).lstrip("\n")
        path.write_text(text, "utf-8")
        self._table = statements(text, str(path))
        space: dict[str, Any] = {"__name__": "program", "spawn": spawn, "forked": threads.forked}
        exec(compile(text, str(path), "exec"), space)
        return space

    def start(self, module: Any, options: Any) -> None:
        def lookup(scope: Any, **_: Any) -> Callable[[CodeType], list[Statement]]:
            def find(code: CodeType) -> list[Statement]:
                if not scope.covers(code.co_filename):
                    return []
                return self._table.get(code.co_firstlineno, [])

            return find

        self._patch.setattr(module, "lookup", lookup)
        self._patch.setattr(deliver.sink, "record", self.told.record)
        threads.on_gate.clear()
        threads.on_fork.clear()
        threads.reset()
        self.backend = module.Backend()
        assert self.backend.refusal() is None
        self.backend.start(Everything(self._folder), options)

    def stop(self) -> None:
        if self.backend is not None:
            self.backend.stop()
            self.backend = None
        threads.on_gate.clear()
        threads.on_fork.clear()
        threads.reset()
