"""Which scope a name belongs to, and which variables are rebound from elsewhere.

The compiler knows this too (`symtable`), but only for text; we also get trees that pytest has
rewritten.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from racecheck.runtime.analysis.trees import children

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Code: TypeAlias = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES: Final = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

LOCAL: Final = "local"
FREE: Final = "free"
GLOBAL: Final = "global"


class Scope:
    """One module, class, function or lambda.

    `fragile`: names that a `del` or the end of a handler unbinds. `shared`: own variables that an
    inner function declares nonlocal, so that the variable itself is state. `captured`: own
    variables that any inner scope reads.
    """

    def __init__(self, node: Code, parent: Scope | None, qualname: str, owner: str) -> None:
        self.node = node
        self.parent = parent
        self.qualname = qualname
        self.owner = owner
        self.inner: list[Scope] = []
        self.parameters: list[str] = []
        self.bound: set[str] = set()
        self.fragile: set[str] = set()
        self.used: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.shared: set[str] = set()
        self.captured: set[str] = set()
        self.certain: frozenset[str] = frozenset()
        """Names that are bound wherever an inner function can run (set by the flow analysis)."""

    @property
    def is_function(self) -> bool:
        """Whether it has variables that inner functions can see."""
        return not isinstance(self.node, (ast.Module, ast.ClassDef))

    @property
    def line(self) -> int:
        """`co_firstlineno` of its code."""
        if isinstance(self.node, ast.Module):
            return 1
        decorators: list[ast.expr] = getattr(self.node, "decorator_list", [])
        return min([self.node.lineno, *[d.lineno for d in decorators]])

    def owner_of(self, name: str) -> Scope | None:
        """The scope whose variable `name` is here; None for a global or builtin name."""
        if name in self.globals:
            return None
        if name in self.bound and name not in self.nonlocals:
            return None if isinstance(self.node, ast.Module) else self
        scope = self.parent
        while scope is not None:
            if scope.is_function:
                if name in scope.globals:
                    return None
                if name in scope.bound and name not in scope.nonlocals:
                    return scope
            scope = scope.parent
        return None

    def kind_of(self, name: str) -> str:
        """LOCAL, FREE or GLOBAL."""
        owner = self.owner_of(name)
        if owner is None:
            return GLOBAL
        return LOCAL if owner is self else FREE

    def mangled(self, name: str) -> str:
        """A private name as the compiler sees it in a class."""
        if not self.owner or not name.startswith("__") or name.endswith("__") or "." in name:
            return name
        stripped = self.owner.lstrip("_")
        return f"_{stripped}{name}" if stripped else name


def build(tree: ast.Module) -> list[Scope]:
    """All scopes of a module, the module first, outer ones before inner ones."""
    scopes: list[Scope] = []
    _build(tree, None, "<module>", "", scopes)
    for scope in scopes:
        _link(scope)
    return scopes


def release(scopes: Iterable[Scope]) -> None:
    """Their part is over: a cycle would wait for the collector, whose counts programs can see."""
    for scope in scopes:
        scope.parent = None
        scope.inner.clear()


def _build(
    node: Code, parent: Scope | None, qualname: str, owner: str, scopes: list[Scope]
) -> None:
    scope = Scope(node, parent, qualname, owner)
    scopes.append(scope)
    if parent is not None:
        parent.inner.append(scope)
    if isinstance(node, (*FUNCTIONS, ast.Lambda)):
        scope.parameters = parameters(node.args)
        scope.bound.update(scope.parameters)
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    inner: list[Code] = []
    for child in body:
        _collect(child, scope, inner, bare=True)
    for code in inner:
        name = getattr(code, "name", "<lambda>")
        inside = code.name if isinstance(code, ast.ClassDef) else owner
        _build(code, scope, _qualname(scope, name), inside, scopes)


def _qualname(scope: Scope, name: str) -> str:
    if isinstance(scope.node, ast.Module) or name in scope.globals:
        return name
    separator = "." if isinstance(scope.node, ast.ClassDef) else ".<locals>."
    return scope.qualname + separator + name


def parameters(arguments: ast.arguments) -> list[str]:
    """Names of all parameters."""
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [one.arg for one in [*every, *rest]]


def _collect(node: ast.AST, scope: Scope, inner: list[Code], *, bare: bool) -> None:
    """Names that `node` binds or uses in `scope`. `bare`: not inside a comprehension."""
    if isinstance(node, SCOPES):
        _collect_code(node, scope, inner, bare)
        return
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            scope.used.add(node.id)
        elif bare:
            scope.bound.add(node.id)
            if isinstance(node.ctx, ast.Del):
                scope.fragile.add(node.id)
        return
    if isinstance(node, ast.NamedExpr):
        scope.bound.add(node.target.id)
        _collect(node.value, scope, inner, bare=bare)
        return
    _collect_names(node, scope)
    inside = bare and not isinstance(node, COMPREHENSIONS)
    for child in children(node):
        _collect(child, scope, inner, bare=inside)


def _collect_code(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef,
    scope: Scope,
    inner: list[Code],
    bare: bool,
) -> None:
    inner.append(node)
    if not isinstance(node, ast.Lambda):
        scope.bound.add(node.name)
        for part in node.decorator_list:
            _collect(part, scope, inner, bare=bare)
    outside: list[ast.AST]
    if isinstance(node, ast.ClassDef):
        outside = [*node.bases, *node.keywords]
    else:
        arguments = node.args
        outside = [*arguments.defaults, *[d for d in arguments.kw_defaults if d is not None]]
    for expression in outside:
        _collect(expression, scope, inner, bare=bare)


def _collect_names(node: ast.AST, scope: Scope) -> None:
    """Bindings that are written as text, not as Name nodes."""
    if isinstance(node, ast.Global):
        scope.globals.update(node.names)
    elif isinstance(node, ast.Nonlocal):
        scope.nonlocals.update(node.names)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        scope.bound.update((a.asname or a.name).partition(".")[0] for a in node.names)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        scope.bound.add(node.name)
        scope.fragile.add(node.name)
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        scope.bound.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        scope.bound.add(node.rest)


def _link(scope: Scope) -> None:
    for name in scope.nonlocals:
        owner = scope.owner_of(name)
        if owner is not None:
            owner.shared.add(name)
            if name in scope.fragile:
                owner.fragile.add(name)
    for name in scope.used | scope.nonlocals:
        owner = scope.owner_of(name)
        if owner is not None and owner is not scope:
            owner.captured.add(name)


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of one code, nested blocks included, inner functions and classes not."""
    for statement in body:
        yield statement
        if not isinstance(statement, SCOPES):
            for block in blocks(statement):
                yield from statements(block)


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement, in order."""
    if isinstance(statement, SCOPES):
        return
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        for part in [getattr(statement, name, None)]:
            if not part:
                continue
            if name in ("handlers", "cases"):
                for one in part:
                    yield one.body
            else:
                yield part
