"""The statements of a code object that have sites, out of the tables that all backends share."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType
from typing import TypeAlias

from racecheck.runtime.analysis.scopes import SCOPES, statements
from racecheck.runtime.analysis.table import FunctionTable, analyse
from racecheck.runtime.backends.base import Scope
from racecheck.runtime.deliver import failed
from racecheck.runtime.tracing.plans import Statement

Functions: TypeAlias = "dict[tuple[int, str], list[Statement]]"

_BLOCKS = frozenset({"body", "handlers", "cases", "orelse", "finalbody"})


def lookup(scope: Scope, *, notes: bool = True) -> Callable[[CodeType], Iterable[Statement]]:
    """Statements by code object, for code that `scope` covers. Files are read when first met.

    `notes`: also what can only be part of a note.
    """
    files: dict[str, Functions] = {}

    def found(code: CodeType) -> Iterable[Statement]:
        path = code.co_filename
        if not scope.covers(path):
            return ()
        functions = files.get(path)
        if functions is None:
            functions = files[path] = _read(path, notes)
        return functions.get((code.co_firstlineno, code.co_qualname), ())

    return found


def _read(path: str, notes: bool) -> Functions:
    """All functions of a file with their statements; nothing if it cannot be read as Python."""
    try:
        content = Path(path).read_bytes()
        table = analyse(ast.parse(content), path, content, _is_main(path), notes=notes)
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        failed(error)
        return {}
    return {key: list(_statements(function)) for key, function in table.functions.items()}


def _is_main(path: str) -> bool:
    found = getattr(sys.modules.get("__main__"), "__file__", None)
    return isinstance(found, str) and Path(found).absolute() == Path(path).absolute()


def _statements(function: FunctionTable) -> Iterator[Statement]:
    """Statements with sites; of those that share a line the first: no event tells them apart."""
    met: set[int] = set()
    for node in statements(getattr(function.node, "body", [])):
        step = function.steps.get(id(node))
        if step is not None and node.lineno not in met:
            first, last = header(node)
            yield Statement(first, last, step.before, step.after, step.again)
        met.add(node.lineno)


def header(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement; of a compound one without its blocks."""
    if not any(getattr(node, name, None) for name in _BLOCKS):
        return node.lineno, node.end_lineno or node.lineno
    lines = [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]
    for name, value in ast.iter_fields(node):
        if name in _BLOCKS or isinstance(node, SCOPES):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                lines += [
                    one.end_lineno or 0 for one in ast.walk(part) if isinstance(one, ast.expr)
                ]
    return min(lines), max(lines)
