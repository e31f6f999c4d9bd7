"""What the value of an expression depends on: things it reads, also through local variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from racecheck.runtime.analysis.bound import targets
from racecheck.runtime.analysis.scopes import LOCAL, SCOPES, Scope, statements
from racecheck.runtime.analysis.touched import Path, Thing, key_text, path_of
from racecheck.runtime.analysis.trees import children, inside

ROUNDS = 3
"""How many locals a value may pass through."""


class Assigned(NamedTuple):
    """One assignment of a local; `value` is None if it is not one expression."""

    statement: ast.stmt
    value: ast.expr | None
    again: bool = False
    """The old value goes into it (`n += 1`)."""


class Derived:
    """For one code: which things its locals are made of."""

    def __init__(self, scope: Scope, body: list[ast.stmt]) -> None:
        self._scope = scope
        self.assigned: dict[str, list[Assigned]] = {}
        for statement in statements(body):
            for name, one in _assignments(statement):
                if scope.kind_of(name) == LOCAL:
                    self.assigned.setdefault(name, []).append(one)
        self._always: dict[str, frozenset[Thing]] = {}
        self._known = False

    def _common(self, name: str) -> frozenset[Thing]:
        """Things that every assignment of a local reads."""
        if name in self._scope.parameters:
            return frozenset()
        parts = [
            frozenset() if one.value is None else self.things(one.value)
            for one in self.assigned[name]
            if not one.again
        ]
        return frozenset.intersection(*parts) if parts else frozenset()

    def things(self, node: ast.expr) -> frozenset[Thing]:
        """What the expression is made of for certain."""
        if not self._known:
            self._known = True
            for _ in range(ROUNDS):
                self._always = {name: self._common(name) for name in self.assigned}
        return frozenset(self._mentioned(node))

    def _mentioned(self, node: ast.expr) -> Iterator[Thing]:
        for part in inside(node):
            yield from mentions(part)
            if isinstance(part, ast.Name):
                yield from self._always.get(part.id, ())

    def sources(self, node: ast.expr, before: ast.stmt) -> list[ast.stmt]:
        """The statements that last gave the locals in `node` their values."""
        found = []
        for part in inside(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                earlier = [
                    one
                    for one in self.assigned.get(part.id, ())
                    if one.statement.lineno < before.lineno and not one.again
                ]
                if earlier and earlier[-1].value is not None:
                    found.append(earlier[-1].statement)
        return found

    def definers(self, node: ast.expr) -> list[ast.stmt]:
        """All statements that give the locals in `node` their values, through other locals too."""
        found: list[ast.stmt] = []
        names = {part.id for part in inside(node) if isinstance(part, ast.Name)}
        for _ in range(ROUNDS):
            more: set[str] = set()
            for name in names:
                for one in self.assigned.get(name, ()):
                    if one.value is not None and one.statement not in found:
                        found.append(one.statement)
                        more |= {p.id for p in inside(one.value) if isinstance(p, ast.Name)}
            names = more
        return found


def mentions(node: ast.AST) -> Iterator[Thing]:
    """Things that this one node reads."""
    if isinstance(node, ast.Name):
        yield "v", node.id
    elif isinstance(node, ast.Attribute):
        found = path_of(node.value)
        if found is not None:
            yield "a", found[0].id, *found[1], node.attr
    elif isinstance(node, ast.Subscript):
        yield from _item(node.value, node.slice)
    elif isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "get" and node.args:
            yield from _item(function.value, node.args[0])
        elif isinstance(function, ast.Name) and function.id == "len" and node.args:
            yield from _shape(node.args[0])
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        yield from _item(node.comparators[0], node.left)


def _item(base: ast.expr, key: ast.expr) -> Iterator[Thing]:
    found = path_of(base)
    if found is not None and not isinstance(key, ast.Slice):
        yield "i", *_flat(found), key_text(key)


def _shape(base: ast.expr) -> Iterator[Thing]:
    found = path_of(base)
    if found is not None:
        yield "s", *_flat(found)


def _flat(found: tuple[ast.Name, Path]) -> tuple[str, ...]:
    return found[0].id, *found[1]


def _assignments(node: ast.stmt) -> Iterator[tuple[str, Assigned]]:
    if isinstance(node, SCOPES):
        yield getattr(node, "name", ""), Assigned(node, None)
        return
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for name in targets(target):
                whole = isinstance(target, ast.Name)
                yield name, Assigned(node, node.value if whole else _paired(target, node, name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        if node.value is not None:
            yield node.target.id, Assigned(node, node.value)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, Assigned(node, node.value, again=True)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from ((name, Assigned(node, None)) for name in targets(node.target))
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield from ((n, Assigned(node, None)) for n in targets(item.optional_vars))
    yield from _walruses(node)


def _paired(target: ast.expr, node: ast.Assign, name: str) -> ast.expr | None:
    """The part of `a, b = x, y` that goes to `name`."""
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(node.value, ast.Tuple):
        if len(target.elts) == len(node.value.elts):
            for one, value in zip(target.elts, node.value.elts, strict=True):
                if isinstance(one, ast.Name) and one.id == name:
                    return value
    return None


def _walruses(node: ast.stmt) -> Iterator[tuple[str, Assigned]]:
    for child in children(node):
        if isinstance(child, ast.expr):
            for part in inside(child):
                if isinstance(part, ast.NamedExpr):
                    yield part.target.id, Assigned(node, part.value)
