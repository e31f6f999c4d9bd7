"""A statement's expressions in the order in which they are evaluated: what they read and change.

What may not happen at all (the second operand of `and`, a branch of an if-expression, the body of
a comprehension) gives accesses that may be left out (`maybe`), but a call in there counts as one:
from then on other threads may have been let in, so everything that follows is told after the
statement.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from racecheck.runtime.analysis.names import (
    COPIES,
    GROWS,
    JOINS,
    KEYED,
    LAZY,
    METHODS,
    PURE,
    SHRINKS,
    Names,
)
from racecheck.runtime.analysis.scopes import COMPREHENSIONS, GLOBAL, LOCAL, Scope
from racecheck.runtime.analysis.touched import (
    Inside,
    Path,
    Touched,
    attributes_of,
    keys_of,
    path_of,
)
from racecheck.runtime.analysis.trees import children
from racecheck.runtime.sites import CELL, MODULE, VALUE, Mode, What

_ITERATED: Final = frozenset({"keys", "values", "items"})
_PRIVATE: Final = "@"
"""Variables of pytest's assertion rewriting and the like: not the user's."""


class Walker:
    """Walks the expressions of one statement; `found` in order of evaluation."""

    def __init__(self, scope: Scope, names: Names, bound: frozenset[str]) -> None:
        self.found: list[Touched] = []
        self.called = False
        self._scope = scope
        self._names = names
        self._bound = bound
        self._maybe = 0

    # -- names ---------------------------------------------------------------------------------

    def is_sure(self, name: str) -> bool:
        """Whether the variable can be looked at before the statement without raising."""
        if name.startswith(_PRIVATE) or name in self._names.modules:
            return False
        kind = self._scope.kind_of(name)
        if kind == GLOBAL:
            is_module = isinstance(self._scope.node, ast.Module)
            return name in self._names.sure or (is_module and name in self._bound)
        return name in (self._bound if kind == LOCAL else self._scope.certain)

    def variable(self, name: str) -> str:
        """MODULE or CELL if the variable itself is shared state, else ""."""
        owner = self._scope.owner_of(name)
        if owner is None:
            return MODULE if name in self._names.globals else ""
        if name not in owner.shared:
            return ""
        if owner is self._scope or name in self._scope.used | self._scope.nonlocals:
            return CELL
        return ""

    def is_builtin(self, node: ast.expr, among: frozenset[str]) -> bool:
        """Whether it is one of these builtins, as far as the module tells."""
        if not isinstance(node, ast.Name) or node.id not in among:
            return False
        return node.id not in self._names.bound and self._scope.kind_of(node.id) == GLOBAL

    # -- accesses ------------------------------------------------------------------------------

    def add(
        self,
        node: ast.expr,
        what: What,
        base: ast.Name,
        path: Path,
        name: str = "",
        mode: Mode = Mode.READ,
        key: ast.expr | None = None,
    ) -> Touched | None:
        """One access of `what` below `base` and `path`."""
        if not all(self.is_sure(one.id) for one in [base, *keys_of(path)]):
            return None
        mangled = tuple(p if isinstance(p, Inside) else self._scope.mangled(p) for p in path)
        touched = Touched(what, VALUE, base.id, mangled, self._scope.mangled(name), mode, key)
        found = attributes_of(key) if key is not None else None
        touched.keyed = found is None or self.is_sure(found[0].id)
        return self._put(touched, node, base)

    def _put(self, touched: Touched, node: ast.expr, base: ast.Name) -> Touched:
        touched.line = node.lineno
        touched.after = self.called
        touched.base = base
        touched.maybe = self._maybe > 0
        self.found.append(touched)
        return touched

    def container(
        self, node: ast.expr, what: What, base: ast.expr, key: ast.expr | None = None
    ) -> Touched | None:
        """An access to the container `base`, if that is a path."""
        found = path_of(base)
        if found is None:
            return None
        return self.add(node, what, found[0], found[1], key=key)

    def truth(self, node: ast.expr) -> None:
        """`node` is asked whether it is true: a matter of its size if it is a container."""
        if isinstance(node, ast.BoolOp):
            self._bool(node, truth=True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.truth(node.operand)
        else:
            self.visit(node)
            found = path_of(node)
            if found is not None and (found[1] or (found[0].id,))[-1] in self._names.containers:
                self.add(node, What.SIZE, *found)

    # -- expressions ---------------------------------------------------------------------------

    def visit(self, node: ast.AST | None) -> None:
        """Evaluate `node`."""
        if node is None or isinstance(node, (ast.Constant, ast.Lambda)):
            return
        method: Callable[[Any], None] | None = getattr(
            self, f"_{type(node).__name__.lower()}", None
        )
        if method is not None:
            method(node)
        elif isinstance(node, COMPREHENSIONS):
            self._go_through(node)
        else:
            for child in children(node):
                self.visit(child)

    def _name(self, node: ast.Name) -> None:
        self.name(node, Mode.READ)

    def name(self, node: ast.Name, mode: Mode) -> Touched | None:
        """The variable itself is read or written: of interest if others rebind it."""
        kind = self.variable(node.id)
        if not kind or node.id.startswith(_PRIVATE):
            return None
        touched = Touched(What.VARIABLE, kind, node.id, (), self._scope.mangled(node.id), mode)
        return self._put(touched, node, node)

    def _attribute(self, node: ast.Attribute) -> None:
        self.visit(node.value)
        found = path_of(node.value)
        if found is not None:
            self.add(node, What.ATTRIBUTE, *found, name=node.attr)

    def _subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.visit(node.slice)
        self.item(node, Mode.READ)

    def item(self, node: ast.Subscript, mode: Mode) -> Touched | None:
        """`base[key]`, after base and key were visited. A slice is about the whole."""
        if not isinstance(node.slice, ast.Slice):
            touched = self.container(node, What.ITEM, node.value, node.slice)
        elif mode is Mode.READ:
            return self.container(node, What.SIZE, node.value)
        else:
            touched = self.container(node, What.CALL, node.value)
            if touched is not None:
                touched.name = "clear" if mode is Mode.DELETE else "extend"
        if touched is not None:
            touched.mode = mode
        return touched

    def _call(self, node: ast.Call) -> None:
        function = node.func
        if self.is_builtin(function, PURE):
            self._pure(node)
            return
        if isinstance(function, ast.Attribute):
            self._method(function)
        else:
            self.visit(function)
        self._arguments(node)
        if isinstance(function, ast.Attribute) and function.attr in METHODS:
            self.method(node, function)
        self.called = True

    def _method(self, function: ast.Attribute) -> None:
        self.visit(function.value)
        found = path_of(function.value)
        if found is not None and function.attr in self._names.assigned:
            self.add(function, What.ATTRIBUTE, *found, name=function.attr)

    def _arguments(self, node: ast.Call) -> None:
        for part in [*node.args, *[k.value for k in node.keywords]]:
            if isinstance(part, ast.GeneratorExp):
                self._go_through(part, consumed=True)
            else:
                self.visit(part)

    def method(self, node: ast.Call, function: ast.Attribute) -> None:
        """A method with the name of a container's."""
        key = node.args[0] if node.args and function.attr in KEYED | JOINS else None
        touched = self.container(node, What.CALL, function.value, key)
        if touched is None:
            return
        touched.name = function.attr
        if function.attr in GROWS | SHRINKS:
            touched.mode = Mode.WRITE
        touched.clears = function.attr in SHRINKS
        defaulted = function.attr == "pop" and len(node.args) + len(node.keywords) > 1
        touched.safe = defaulted or function.attr in ("discard", "setdefault", "clear")

    def _pure(self, node: ast.Call) -> None:
        """Builtins that look into containers, and others."""
        self._arguments(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first = node.args[0] if node.args else None
        if first is None or isinstance(first, ast.Starred):
            return
        # Why `iter`: whoever asks for one outside of a loop takes the first, as a rule.
        if name in ("len", "iter") or (
            name in COPIES and (name not in ("min", "max") or len(node.args) == 1)
        ):
            self.container(node, What.SIZE, first)

    def _compare(self, node: ast.Compare) -> None:
        self.visit(node.left)
        first = node.comparators[0]
        self.visit(first)
        if isinstance(node.ops[0], (ast.In, ast.NotIn)):
            self.container(node, What.CONTAINS, first, node.left)
        self._perhaps(node.comparators[1:])

    def _boolop(self, node: ast.BoolOp) -> None:
        self._bool(node, truth=False)

    def _bool(self, node: ast.BoolOp, *, truth: bool) -> None:
        self.truth(node.values[0])
        self._maybe += 1
        for part in node.values[1:]:
            if truth:
                self.truth(part)
            else:
                self.visit(part)
        self._maybe -= 1

    def _unaryop(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.truth(node.operand)
        else:
            self.visit(node.operand)

    def _ifexp(self, node: ast.IfExp) -> None:
        self.truth(node.test)
        self._perhaps([node.body, node.orelse])

    def _perhaps(self, nodes: list[ast.expr]) -> None:
        self._maybe += 1
        for node in nodes:
            self.visit(node)
        self._maybe -= 1

    def iterated(self, node: ast.expr) -> bool:
        """`node` is evaluated and then gone through; whether that says anything."""
        before = len(self.found)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _ITERATED and not node.args:
                self.visit(node.func.value)
                self.container(node, What.ITERATE, node.func.value)
                self.called = True
                return len(self.found) > before
        if isinstance(node, ast.Call) and self.is_builtin(node.func, LAZY):
            self._arguments(node)
            for part in node.args:
                self.container(part, What.ITERATE, part)
            return any(t.what is What.ITERATE for t in self.found[before:])
        self.visit(node)
        return self.container(node, What.ITERATE, node) is not None

    def _go_through(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        consumed: bool = False,
    ) -> None:
        first = node.generators[0]
        if consumed or not isinstance(node, ast.GeneratorExp):
            self.iterated(first.iter)
        else:
            self.visit(first.iter)
        inner = [part for part in children(node) if part is not first]
        self._maybe += 1
        for part in [*first.ifs, *inner]:
            self.visit(part)
        self._maybe -= 1

    def _dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            self.visit(key)
            self.visit(value)

    def _starred(self, node: ast.Starred) -> None:
        self.visit(node.value)
        self.container(node, What.SIZE, node.value)

    def _namedexpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.name(node.target, Mode.WRITE)

    def _await(self, node: ast.Await) -> None:
        self.visit(node.value)
        self.called = True

    def _yield(self, node: ast.Yield) -> None:
        self.visit(node.value)
        self.called = True

    def _yieldfrom(self, node: ast.YieldFrom) -> None:
        self.visit(node.value)
        self.called = True
