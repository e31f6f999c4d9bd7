"""What each kind of statement touches, in order; of a compound statement, its header."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

from racecheck.runtime.analysis.bound import targets
from racecheck.runtime.analysis.expressions import Walker
from racecheck.runtime.analysis.touched import (
    Touched,
    constant_of,
    is_simple,
    keys_of,
    path_of,
)
from racecheck.runtime.analysis.trees import walk
from racecheck.runtime.sites import Mode, Role, What


def touched_by(node: ast.stmt, walker: Walker) -> list[Touched]:
    """Accesses of a statement. Those that cannot be told where they happen are left out."""
    method: Callable[[Any, Walker], None] | None = _METHODS.get(type(node))
    if method is None:
        return []
    method(node, walker)
    rebound = set(_rebound(node)) if any(t.after for t in walker.found) else set()
    found = []
    for touched in walker.found:
        touched.statement = node
        holders = {touched.root, *(name.id for name in keys_of(touched.path))}
        if touched.after and touched.what is not What.VARIABLE and holders & rebound:
            continue
        if touched.after and touched.key is not None and _names(touched.key) & rebound:
            touched.keyed = False
        found.append(touched)
    return [*_probes(found), *found]


def _probes(found: list[Touched]) -> Iterator[Touched]:
    """Whether a key is there before a statement that stores it once its calls have returned.

    Not where its variable may be unbound by then: looking at it would raise before the calls.
    """
    for touched in found:
        if touched.after and touched.what is What.ITEM and touched.mode is Mode.WRITE:
            if touched.key is not None and touched.keyed and not touched.maybe:
                probe = Touched(
                    What.ITEM, touched.kind, touched.root, touched.path, "", Mode.PROBE, touched.key
                )
                probe.line, probe.base = touched.line, touched.base
                probe.statement = touched.statement
                yield probe


def _rebound(node: ast.stmt) -> Iterator[str]:
    for target in _targets(node):
        yield from targets(target)
    for part in walk(node) if not hasattr(node, "body") else ():
        if isinstance(part, ast.NamedExpr):
            yield part.target.id
    header = getattr(node, "test", None) or getattr(node, "iter", None)
    for part in walk(header) if header is not None else ():
        if isinstance(part, ast.NamedExpr):
            yield part.target.id


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        return [node.target]
    if isinstance(node, ast.Delete):
        return node.targets
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.optional_vars for item in node.items if item.optional_vars is not None]
    return []


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def _store(target: ast.expr, walker: Walker, value: ast.expr | None = None) -> None:
    """Assign to `target`. `value`: what is stored, if that is one expression."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            _store(part, walker)
        return
    if isinstance(target, ast.Starred):
        _store(target.value, walker)
        return
    touched = _target(target, walker, Mode.WRITE)
    if touched is not None and value is not None:
        touched.idempotent, constant = constant_of(value)
        touched.clears = touched.idempotent and constant is None
        if touched.idempotent and is_simple(constant):
            touched.stores = (constant,)


def _target(target: ast.expr, walker: Walker, mode: Mode) -> Touched | None:
    if isinstance(target, ast.Name):
        return walker.name(target, mode)
    if isinstance(target, ast.Attribute):
        walker.visit(target.value)
        found = path_of(target.value)
        if found is None:
            return None
        return walker.add(target, What.ATTRIBUTE, *found, name=target.attr, mode=mode)
    if isinstance(target, ast.Subscript):
        walker.visit(target.value)
        walker.visit(target.slice)
        return walker.item(target, mode)
    return None


def _assign(node: ast.Assign, walker: Walker) -> None:
    walker.visit(node.value)
    for target in node.targets:
        _store(target, walker, node.value)


def _ann_assign(node: ast.AnnAssign, walker: Walker) -> None:
    if node.value is not None:
        walker.visit(node.value)
        _store(node.target, walker, node.value)


def _aug_assign(node: ast.AugAssign, walker: Walker) -> None:
    """Read, evaluate, store: one moment if nothing is called in between, else two."""
    target = node.target
    if isinstance(node.value, (ast.List, ast.ListComp)) and isinstance(node.op, ast.Add):
        _extend(node, walker)
        return
    before = walker.called
    read = _target(target, walker, Mode.READ)
    walker.visit(node.value)
    if read is None:
        return
    read.raise_to(Role.UPDATE)
    if walker.called == before:
        read.mode = Mode.UPDATE
        return
    write = Touched(read.what, read.kind, read.root, read.path, read.name, Mode.WRITE, read.key)
    write.role, write.line, write.base, write.after = Role.UPDATE, read.line, read.base, True
    walker.found.append(write)


def _extend(node: ast.AugAssign, walker: Walker) -> None:
    """`x.items += [...]`: the list is extended in place and stored where it was."""
    _visit_base(node.target, walker)
    walker.visit(node.value)
    load = path_of(node.target)
    if load is not None:
        walker.add(node.target, What.CALL, *load, name="extend", mode=Mode.WRITE)


def _visit_base(target: ast.expr, walker: Walker) -> None:
    if isinstance(target, ast.Name):
        walker.name(target, Mode.READ)
    else:
        walker.visit(target)


def _delete(node: ast.Delete, walker: Walker) -> None:
    for target in node.targets:
        for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            touched = _target(part, walker, Mode.DELETE)
            if touched is not None:
                touched.clears = True


def _value(node: ast.Expr | ast.Return, walker: Walker) -> None:
    walker.visit(node.value)


def _raise(node: ast.Raise, walker: Walker) -> None:
    walker.visit(node.exc)


def _test(node: ast.If | ast.While | ast.Assert, walker: Walker) -> None:
    walker.truth(node.test)


def _for(node: ast.For, walker: Walker) -> None:
    walker.iterated(node.iter)


def _async_for(node: ast.AsyncFor, walker: Walker) -> None:
    walker.visit(node.iter)


def _with(node: ast.With | ast.AsyncWith, walker: Walker) -> None:
    for item in node.items:
        walker.visit(item.context_expr)
        walker.called = True


def _match(node: ast.Match, walker: Walker) -> None:
    walker.visit(node.subject)


_METHODS: Final[dict[type[ast.stmt], Callable[[Any, Walker], None]]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.Delete: _delete,
    ast.Expr: _value,
    ast.Return: _value,
    ast.Raise: _raise,
    ast.If: _test,
    ast.While: _test,
    ast.Assert: _test,
    ast.For: _for,
    ast.AsyncFor: _async_for,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
}
