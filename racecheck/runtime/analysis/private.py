"""Objects that nobody else can know yet: made here, and not handed on so far.

What a function does to a list that it has just made, or a constructor to its object, races with
nobody, whatever becomes of the object later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, TypeAlias

from racecheck.runtime.analysis.names import COPIES, LAZY, PURE, STARTS, Names, is_display
from racecheck.runtime.analysis.scopes import SCOPES, Scope
from racecheck.runtime.analysis.trees import children, walk

Position: TypeAlias = tuple[int, int]
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_LOOKS: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    ast.Subscript: ("value",),
    ast.For: ("iter",),
    ast.comprehension: ("iter",),
    ast.If: ("test",),
    ast.While: ("test",),
    ast.Assert: ("test",),
    ast.UnaryOp: ("operand",),
    ast.BinOp: ("left", "right"),
    ast.Compare: ("left", "comparators"),
    ast.AugAssign: ("target",),
    ast.Delete: ("targets",),
    ast.Starred: ("value",),
    ast.FormattedValue: ("value",),
}
"""Parts of an expression or statement that are only looked at."""

_HANDLES: Final = PURE | COPIES | LAZY


class Private:
    """For one code: until where each fresh local is its own."""

    def __init__(self, scope: Scope, names: Names, body: list[ast.stmt], roots: set[str]) -> None:
        self._names = names
        self._scope = scope
        self._made: dict[str, list[tuple[ast.expr | None, tuple[int, ...]]]] = {}
        self._escapes: dict[str, list[tuple[Position, tuple[int, ...]]]] = {}
        self._self = _own_object(scope)
        # Why: most functions touch nothing but their parameters.
        if roots & ((scope.bound - set(scope.parameters)) | {self._self}):
            for statement in body:
                self._visit(statement, (), own=True)
        self._fresh = {name for name in self._made if self._is_fresh(name)} | {self._self}

    def is_private(self, name: str, node: ast.AST, loops: tuple[int, ...]) -> bool:
        """Whether at `node` nobody else can know the object in local `name`."""
        if name not in self._fresh or not name:
            return False
        here = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        shared = self._loops_of(name)
        for position, around in self._escapes.get(name, ()):
            if position <= here:
                return False
            common = set(around) & set(loops)
            if common - shared:
                return False
        return True

    def _loops_of(self, name: str) -> set[int]:
        """Loops in which every round makes the object anew."""
        found = [set(loops) for _, loops in self._made.get(name, ())]
        return set.intersection(*found) if found else set()

    def _is_fresh(self, name: str) -> bool:
        if name in self._scope.parameters or name in self._scope.captured:
            return False
        if name in self._scope.globals or name in self._scope.nonlocals:
            return False
        return all(v is not None and self._names.is_fresh(v) for v, _ in self._made[name])

    def _visit(self, node: ast.AST, loops: tuple[int, ...], *, own: bool) -> None:
        """`own`: the parent only looks into what `node` evaluates to."""
        if isinstance(node, ast.Name):
            self._name(node, loops, own)
            return
        if isinstance(node, SCOPES):
            self._captures(node, loops)
            return
        inside = (*loops, id(node)) if isinstance(node, _LOOPS) else loops
        if isinstance(node, ast.Assign):
            self._assign(node, loops)
            return
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._visit(node.value, loops, own=False)
            return
        owned = set(self._looks_into(node, loops, own))
        for child in children(node):
            self._visit(child, inside, own=child in owned)

    def _name(self, node: ast.Name, loops: tuple[int, ...], own: bool) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._made.setdefault(node.id, []).append((None, loops))
        elif not own:
            self._escape(node.id, node, loops)

    def _escape(self, name: str, node: ast.AST, loops: tuple[int, ...]) -> None:
        position = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        self._escapes.setdefault(name, []).append((position, loops))

    def _captures(self, node: ast.AST, loops: tuple[int, ...]) -> None:
        for part in walk(node):
            if isinstance(part, ast.Name):
                self._escape(part.id, node, loops)

    def _assign(self, node: ast.Assign, loops: tuple[int, ...]) -> None:
        self._visit(node.value, loops, own=False)
        for target in node.targets:
            if isinstance(target, ast.Name):
                value = node.value if len(node.targets) == 1 else None
                self._made.setdefault(target.id, []).append((value, loops))
            else:
                self._visit(target, loops, own=False)

    def _looks_into(self, node: ast.AST, loops: tuple[int, ...], own: bool) -> Iterator[ast.AST]:
        """Children whose value does not get any further."""
        if isinstance(node, ast.Attribute):
            # Why: what nobody assigns is a method, and a bound method takes its object along.
            if own or not isinstance(node.ctx, ast.Load) or node.attr in self._names.assigned:
                yield node.value
        elif isinstance(node, ast.Call):
            yield from self._call(node, loops)
        else:
            for name in _LOOKS.get(type(node), ()):
                found = getattr(node, name)
                yield from found if isinstance(found, list) else [found]

    def _call(self, node: ast.Call, loops: tuple[int, ...]) -> Iterator[ast.AST]:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in _HANDLES and function.id not in self._names.bound:
                yield from node.args
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            name = function.value.id
            if not self._is_container(name):
                # Why: a method of an unknown class may do anything with its object.
                self._escape(name, node, loops)
            yield function
        else:
            yield function

    def _is_container(self, name: str) -> bool:
        values = [value for value, _ in self._made.get(name, ())]
        return bool(values) and all(v is not None and is_display(v) for v in values)


def _own_object(scope: Scope) -> str:
    """What a constructor calls its object."""
    node = scope.node
    inside = scope.parent is not None and isinstance(scope.parent.node, ast.ClassDef)
    if not inside or not isinstance(node, ast.FunctionDef) or node.name not in STARTS:
        return ""
    if node.name == "__new__" or not scope.parameters:
        return ""
    return scope.parameters[0]
