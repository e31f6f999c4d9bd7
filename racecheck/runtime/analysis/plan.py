"""Which accesses are told together: the statements of a straight line that calls nothing.

What happens between two calls happens in one epoch of the thread, so the accesses of several
statements can be told before the first of them (cf. BigFoot, Rhodes et al., PLDI 2017).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from racecheck.runtime.analysis.names import JOINS
from racecheck.runtime.analysis.scopes import blocks
from racecheck.runtime.analysis.touched import Inside, Touched, attributes_of, constant_of
from racecheck.runtime.analysis.trees import walk
from racecheck.runtime.sites import MODULE, VALUE, Access, Key, Root, Step, What

SIMPLE: Final = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Delete, ast.Pass)
"""Statements that may stand within a group if they call nothing."""

_LAST: Final = (*SIMPLE, ast.If, ast.Return)


class Draft:
    """A site in the making."""

    def __init__(self) -> None:
        self.roots: list[Root] = []
        self.accesses: list[Access] = []
        self.maybe: list[Access] = []

    def add(self, touched: Touched) -> None:
        """One more access."""
        root = self.root(touched)
        key = None if touched.key is None else self._key(touched)
        access = Access(
            root,
            tuple(map(self._step, touched.path)),
            touched.what,
            touched.name,
            touched.mode,
            touched.role,
            touched.line,
            touched.text,
            key,
            touched.idempotent,
            touched.clears,
            touched.spans,
            touched.polls,
            touched.stores,
            () if touched.vague else tuple(touched.asked),
        )
        found = self.maybe if touched.maybe else self.accesses
        if access not in found:
            found.append(access)

    def root(self, touched: Touched) -> int:
        """Index of its root."""
        is_module = touched.kind == MODULE
        return self._index(Root(touched.kind, "" if is_module else touched.root))

    def _index(self, root: Root) -> int:
        if root not in self.roots:
            self.roots.append(root)
        return self.roots.index(root)

    def _key(self, touched: Touched) -> Key | None:
        node = touched.key
        if (
            node is None
            or not touched.keyed
            or (touched.what is What.CALL and touched.name in JOINS)
        ):
            return None
        return self._made(node)

    def _made(self, node: ast.expr) -> Key | None:
        known, constant = constant_of(node)
        if known:
            return Key(constant)
        found = attributes_of(node)
        if found is None:
            return None
        return Key(root=self._index(Root(VALUE, found[0].id)), path=found[1])

    def _step(self, step: str) -> Step:
        # Why never None: a path has only such keys (see `path_of`).
        return (self._made(step.key) or Key()) if isinstance(step, Inside) else step


class Planned(NamedTuple):
    """What is told around one statement."""

    node: ast.stmt
    before: Draft | None
    after: Draft | None
    again: bool


class _Group:
    """Statements that are told together so far."""

    def __init__(self) -> None:
        self.first: ast.stmt | None = None
        self.touched: list[Touched] = []
        self.stored: set[str] = set()
        self.bound: set[str] = set()

    def accepts(self, touched: list[Touched]) -> bool:
        """Whether these can be told before the group's first statement."""
        roots = {t.root for t in [*self.touched, *touched]}
        if not self.touched or len(roots) > 1 or roots & self.bound:
            return False
        if any(t.kind != VALUE for t in [*self.touched, *touched]):
            return False
        if any(isinstance(step, Inside) for t in touched for step in t.path):
            return False
        return not any(t.key is not None or self.stored & set(t.path) for t in touched)

    def add(self, node: ast.stmt, touched: list[Touched]) -> None:
        """One more statement that touches something."""
        self.first = self.first or node
        self.touched += touched

    def passed(self, node: ast.stmt) -> None:
        """What the statement rebinds and stores is not what it was before the first one."""
        for part in walk(node):
            if isinstance(part, ast.Attribute) and not isinstance(part.ctx, ast.Load):
                self.stored.add(part.attr)
            elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                self.bound.add(part.id)


class Planner:
    """Plans one code. `quiet`: statements (by id) that call nothing."""

    def __init__(self, found: Mapping[int, list[Touched]], quiet: set[int]) -> None:
        self._found = found
        self._quiet = quiet
        self._group = _Group()

    def block(self, body: list[ast.stmt]) -> Iterator[Planned]:
        """The sites of a block and of those in it."""
        for statement in body:
            yield from self._statement(statement)
            group, self._group = self._group, _Group()
            for inner in blocks(statement):
                yield from self.block(inner)
            self._group = group
        yield from self._told()

    def _statement(self, node: ast.stmt) -> Iterator[Planned]:
        touched = self._found.get(id(node), [])
        before = [t for t in touched if not t.after]
        after = [t for t in touched if t.after]
        again = isinstance(node, ast.For) and any(t.what is What.ITERATE for t in before)
        if before:
            joins = isinstance(node, _LAST) and not after
            if not (joins and self._group.accepts(before)):
                yield from self._told()
            self._group.add(node, before)
        if after or again:
            yield from self._told_with(node, after, again)
        if self._is_quiet(node):
            self._group.passed(node)
        else:
            yield from self._told()

    def _is_quiet(self, node: ast.stmt) -> bool:
        """Whether nothing else can run in it, and what follows is reached."""
        if isinstance(node, ast.If) and id(node) in self._quiet:
            return all(self._is_quiet(one) for one in [*node.body, *node.orelse])
        return isinstance(node, SIMPLE) and id(node) in self._quiet

    def _told(self) -> Iterator[Planned]:
        """The group ends here."""
        group, self._group = self._group, _Group()
        if group.first is not None:
            yield Planned(group.first, _draft(group.touched), None, False)

    def _told_with(self, node: ast.stmt, after: list[Touched], again: bool) -> Iterator[Planned]:
        """The group ends here, and the last statement has something to tell behind it."""
        group = self._group
        if group.first is not node:
            yield from self._told()
        self._group = _Group()
        before = group.touched if group.first is node else []
        yield Planned(node, _draft(before), _draft(after), again)


def plan(
    body: list[ast.stmt], found: Mapping[int, list[Touched]], quiet: set[int]
) -> Iterator[Planned]:
    """The sites of one code, block by block."""
    return Planner(found, quiet).block(body)


def _draft(touched: list[Touched]) -> Draft | None:
    if not touched:
        return None
    draft = Draft()
    for one in touched:
        draft.add(one)
    return draft
