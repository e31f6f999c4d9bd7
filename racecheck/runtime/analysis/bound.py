"""Which variables are certainly bound before a statement: only those may be looked at there.

Conservative: what a loop, a handler or a suppressing `with` might have skipped does not count,
and a name that is unbound anywhere (`del`, `except ... as`) is never certain.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from racecheck.runtime.analysis.scopes import FUNCTIONS, SCOPES, Scope
from racecheck.runtime.analysis.trees import walk

Names = frozenset[str]


class Flow:
    """One code. `before[id(statement)]`: names bound there; `inner`: for each inner function."""

    def __init__(self, scope: Scope) -> None:
        self.before: dict[int, Names] = {}
        self.inner: dict[int, Names] = {}
        self._fragile = scope.fragile
        self.end: Names | None = frozenset()
        node = scope.node
        if isinstance(node, (ast.Module, *FUNCTIONS)):
            start = frozenset(scope.parameters) - self._fragile
            self.end = self._block(node.body, start)

    def _block(self, body: list[ast.stmt], bound: Names) -> Names | None:
        """What is bound after the block; None if its end is not reached."""
        now: Names | None = bound
        for statement in body:
            self.before[id(statement)] = bound
            self._lambdas(statement, bound)
            now = self._statement(statement, bound)
            # Why: after a `return` nothing runs; should we be wrong, the last sure set is kept.
            bound = bound if now is None else now
        return now

    def _statement(self, node: ast.stmt, bound: Names) -> Names | None:
        if isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
            return None
        if isinstance(node, ast.If):
            inside = bound | self._sure(walrus(node.test))
            return _join([self._block(node.body, inside), self._block(node.orelse, inside)])
        if isinstance(node, ast.While):
            return self._while(node, bound)
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self._block(node.body, bound | self._sure(targets(node.target)))
            self._block(node.orelse, bound)
            return bound
        if isinstance(node, (ast.With, ast.AsyncWith)):
            names = [
                n for item in node.items if item.optional_vars for n in targets(item.optional_vars)
            ]
            inside = bound | self._sure(names)
            found = self._block(node.body, inside)
            return inside if found is None else found
        if isinstance(node, (ast.Try, ast.TryStar)):
            return self._try(node, bound)
        if isinstance(node, ast.Match):
            return self._match(node, bound)
        return bound | self._sure(_binds(node))

    def _while(self, node: ast.While, bound: Names) -> Names | None:
        inside = bound | self._sure(walrus(node.test))
        self._block(node.body, inside)
        for_ever = isinstance(node.test, ast.Constant) and bool(node.test.value)
        if for_ever and not any(isinstance(part, ast.Break) for part in walk(node)):
            return None
        found = self._block(node.orelse, inside)
        return inside if found is None else inside & found

    def _try(self, node: ast.Try | ast.TryStar, bound: Names) -> Names | None:
        found = self._block(node.body, bound)
        ends = [found if found is None else self._block(node.orelse, found)]
        if found is None:
            self._block(node.orelse, bound)
        ends += [self._block(handler.body, bound) for handler in node.handlers]
        last = self._block(node.finalbody, bound)
        joined = _join(ends)
        return None if joined is None or last is None else joined | last

    def _match(self, node: ast.Match, bound: Names) -> Names | None:
        ends: list[Names | None] = [bound]
        for case in node.cases:
            names = [
                str(getattr(part, "name", None) or getattr(part, "rest", None) or "")
                for part in walk(case.pattern)
                if isinstance(part, (ast.MatchAs, ast.MatchStar, ast.MatchMapping))
            ]
            # Why only these: a capture below an alternative may not have happened.
            sure = [] if any(isinstance(p, ast.MatchOr) for p in walk(case.pattern)) else names
            ends.append(self._block(case.body, bound | self._sure(n for n in sure if n)))
        return _join(ends)

    def _sure(self, names: Iterator[str] | list[str]) -> Names:
        return frozenset(names) - self._fragile

    def _lambdas(self, node: ast.stmt, bound: Names) -> None:
        if isinstance(node, SCOPES):
            name = getattr(node, "name", "")
            self.inner[id(node)] = bound | self._sure([name])


def _join(ends: list[Names | None]) -> Names | None:
    reached = [end for end in ends if end is not None]
    return frozenset.intersection(*reached) if reached else None


def _binds(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (a.asname or a.name.partition(".")[0] for a in node.names if a.name != "*")
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from targets(target)
        yield from walrus(node.value)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from targets(node.target)
    elif isinstance(node, ast.Expr):
        yield from walrus(node.value)


def targets(node: ast.expr) -> Iterator[str]:
    """Names that an assignment target binds."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for part in node.elts:
            yield from targets(part)
    elif isinstance(node, ast.Starred):
        yield from targets(node.value)


def walrus(node: ast.expr) -> Iterator[str]:
    """Names that `node` binds by `:=` whatever its outcome."""
    if isinstance(node, ast.NamedExpr):
        yield node.target.id
        yield from walrus(node.value)
    elif isinstance(node, ast.BoolOp):
        yield from walrus(node.values[0])
    elif isinstance(node, ast.Compare):
        yield from walrus(node.left)
        yield from walrus(node.comparators[0])
    elif isinstance(node, ast.UnaryOp):
        yield from walrus(node.operand)
    elif isinstance(node, ast.Call):
        for part in node.args:
            yield from walrus(part)
