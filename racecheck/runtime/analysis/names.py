"""What names tell: methods of containers, pure builtins, attributes that a module stores."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from racecheck.runtime.analysis.scopes import FUNCTIONS, Scope
from racecheck.runtime.analysis.trees import children, walk

KEYED: Final = frozenset({"get", "setdefault", "pop", "move_to_end", "add", "discard", "remove"})
"""Methods whose first argument is a key or member."""

JOINS: Final = frozenset({"append", "appendleft"})
"""Methods whose argument becomes a member: it says what a check was about, no more."""

READS: Final = frozenset(
    "get keys values items copy most_common index count union difference intersection issubset"
    " issuperset isdisjoint symmetric_difference".split()
)
GROWS: Final = frozenset(
    "append extend insert appendleft extendleft sort reverse rotate update add setdefault"
    " move_to_end symmetric_difference_update".split()
)
SHRINKS: Final = frozenset(
    "pop popleft popitem remove discard clear difference_update intersection_update".split()
)
METHODS: Final = READS | GROWS | SHRINKS

PURE: Final = frozenset(
    "len isinstance issubclass int float bool str repr abs id type ord chr min max sum all any"
    " tuple list dict set frozenset sorted zip enumerate reversed range callable round divmod"
    " bytes iter hash slice complex format".split()
)
"""Builtins that call nothing that may synchronise (an operator of the user's might: so be it)."""

COPIES: Final = frozenset("list tuple dict set frozenset sorted sum min max all any bytes".split())
"""Builtins that go through a container at once: in C, without giving way."""

LAZY: Final = frozenset("enumerate reversed iter zip".split())

_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MAKERS: Final = frozenset(
    "list dict set bytearray deque defaultdict OrderedDict Counter sorted".split()
)

STARTS: Final = frozenset({"__init__", "__new__", "__post_init__", "__setstate__", "__set_name__"})
"""Methods that run before their object is known to anybody else."""


def is_display(node: ast.AST) -> bool:
    """Whether the expression makes a new built-in container."""
    if isinstance(node, _DISPLAYS):
        return True
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr in MAKERS or (function.attr == "copy" and not node.args)
    return isinstance(function, ast.Name) and function.id in MAKERS


class Names:
    """Gathered in one pass over the module.

    `stored`: attributes assigned outside of a constructor's own object; `assigned`: anywhere;
    `containers`: names (of variables or attributes) that are used as a container somewhere;
    `globals`: variables that a function rebinds; `sure`: globals bound by the module's top level;
    `bound`: all that the module binds there; `modules`: imported of the standard library;
    `plain`: classes whose construction calls nothing.
    """

    def __init__(self, tree: ast.Module, scopes: list[Scope]) -> None:
        self.stored: set[str] = set()
        self.assigned: set[str] = set()
        self.containers: set[str] = set()
        self.globals: set[str] = set()
        self.modules: set[str] = set()
        self.plain: set[str] = set()
        module = scopes[0]
        self.bound = module.bound
        for scope in scopes[1:]:
            self.globals |= scope.globals & (scope.bound | scope.fragile)
        fragile = module.fragile.union(*(s.fragile & s.globals for s in scopes))
        self.sure = frozenset(_top(tree.body)) - fragile
        self._visit(tree, "")

    def _visit(self, node: ast.AST, start: str) -> None:
        """`start`: what the constructor that we are in calls its object."""
        if isinstance(node, ast.Attribute):
            if not isinstance(node.ctx, ast.Load):
                self.assigned.add(node.attr)
                if not (isinstance(node.value, ast.Name) and node.value.id == start):
                    self.stored.add(node.attr)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, FUNCTIONS):
            own = node.args.posonlyargs + node.args.args
            start = own[0].arg if node.name in STARTS and own else ""
        else:
            self.containers.update(_last(part) for part in _containers(node))
        for child in children(node):
            self._visit(child, start)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            whole = alias.name if isinstance(node, ast.Import) else str(node.module)
            if whole.partition(".")[0] in sys.stdlib_module_names:
                if (
                    isinstance(node, ast.Import)
                    or f"{whole}.{alias.name}" in sys.stdlib_module_names
                ):
                    self.modules.add(alias.asname or alias.name.partition(".")[0])

    def _class(self, node: ast.ClassDef) -> None:
        for part in node.body:
            for target in _assigned(part):
                self.assigned.add(target)
        if node.bases or node.keywords:
            return
        starts = [p for p in node.body if isinstance(p, FUNCTIONS) and p.name in STARTS]
        calls = [c for s in starts for c in walk(s) if isinstance(c, ast.Call)]
        if all(is_display(call) for call in calls):
            self.plain.add(node.name)

    def is_fresh(self, node: ast.AST) -> bool:
        """Whether the expression makes an object that nobody else can know."""
        if is_display(node):
            return True
        called = node.func if isinstance(node, ast.Call) else None
        return isinstance(called, ast.Name) and called.id in self.plain


def _assigned(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        yield from (t.id for t in node.targets if isinstance(t, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _last(node: ast.expr | None) -> str:
    """The last name of a path."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _containers(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that `node` treats as containers (apart from asking for their truth)."""
    if isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            yield node.func.value
        elif isinstance(node.func, ast.Name) and node.func.id in {"len", *COPIES, *LAZY}:
            yield from node.args[:1]
    elif isinstance(node, (ast.For, ast.comprehension)):
        yield node.iter
    elif isinstance(node, ast.Compare):
        if isinstance(node.ops[0], (ast.In, ast.NotIn)):
            yield node.comparators[0]
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        if node.value is not None and is_display(node.value):
            yield from node.targets if isinstance(node, ast.Assign) else [node.target]


def _top(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Names bound by statements that run whenever the module does."""
    for node in body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (a.asname or a.name.partition(".")[0] for a in node.names)
        else:
            yield from _assigned(node)
            if isinstance(node, (ast.With, ast.Try)):
                yield from _top(node.body)
            elif isinstance(node, ast.If):
                yield from set(_top(node.body)) & set(_top(node.orelse))
