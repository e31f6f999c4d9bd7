"""From a module's tree to its sites: what each backend reads."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple, TypeAlias

from racecheck.runtime.analysis import roles
from racecheck.runtime.analysis.bound import Flow
from racecheck.runtime.analysis.derived import Derived
from racecheck.runtime.analysis.effects import touched_by
from racecheck.runtime.analysis.expressions import Walker
from racecheck.runtime.analysis.names import Names
from racecheck.runtime.analysis.plan import SIMPLE, Draft, Planned, plan
from racecheck.runtime.analysis.private import Private
from racecheck.runtime.analysis.scopes import (
    FREE,
    FUNCTIONS,
    LOCAL,
    Scope,
    blocks,
    build,
    release,
    statements,
)
from racecheck.runtime.analysis.touched import Touched, keys_of
from racecheck.runtime.sites import SPAN, Mode, Role, Site, What, sites

Key: TypeAlias = tuple[int, str]


class FunctionTable:
    """The sites of one function (or of a main module's top level).

    `before` and `after` are keyed by the line of the statement; two statements of one line have one
    entry. `defines`: lines of inner functions that use a variable which is rebound from elsewhere,
    with their names: after such a line the function's `__closure__` has the cell. `steps`: the same
    sites by `id(statement)`, for whoever has the tree.
    """

    __slots__ = ("after", "before", "defines", "line", "name", "node", "qualname", "steps")

    def __init__(self, scope: Scope) -> None:
        self.node = scope.node
        self.qualname = scope.qualname
        self.name = scope.qualname.rpartition(".")[2]
        self.line = scope.line
        self.before: dict[int, Site] = {}
        self.after: dict[int, Site] = {}
        self.defines: dict[int, str] = {}
        self.steps: dict[int, Step] = {}


class Step(NamedTuple):
    """Sites of one statement. `again`: `before` is told at the start of each round as well."""

    before: Site | None
    after: Site | None
    again: bool = False


class Table:
    """All functions of one file that touch anything, by (first line, qualified name)."""

    __slots__ = ("base", "functions", "path", "sites")

    def __init__(self, path: str, base: int) -> None:
        self.path = path
        self.base = base
        self.functions: dict[Key, FunctionTable] = {}
        self.sites: list[Site] = []

    def of(self, code: CodeType) -> FunctionTable | None:
        """The function that `code` was compiled from, if it touches anything."""
        return self.functions.get((code.co_firstlineno, code.co_qualname))


def analyse(
    tree: ast.Module, path: str, content: bytes, is_main: bool = False, *, notes: bool = True
) -> Table:
    """Sites of a module, numbered by what the file holds, so that numbers can be cached.

    `notes`: also what can only be part of a note, reads that belong to nothing larger, and what may
    happen or not.
    """
    scopes = build(tree)
    names = Names(tree, scopes)
    table = Table(path, base_of(path, content, is_main, notes))
    for scope in scopes:
        if isinstance(scope.node, (ast.Module, *FUNCTIONS)):
            _code(scope, names, table, is_main, notes)
    release(scopes)
    return table


def base_of(path: str, content: bytes, is_main: bool, notes: bool = True) -> int:
    """The first number of a file's sites: the same in every process, different for every text."""
    digest = hashlib.blake2b(content, digest_size=5, key=path.encode(errors="replace")[-64:])
    digest.update((b"main" if is_main else b"") + (b"" if notes else b"errors"))
    return (int.from_bytes(digest.digest()) + 1) * SPAN


def _code(scope: Scope, names: Names, table: Table, is_main: bool, notes: bool) -> None:
    node = scope.node
    flow = Flow(scope)
    for inner in scope.inner:
        inner.certain = scope.certain | flow.inner.get(id(inner.node), frozenset())
    if not isinstance(node, FUNCTIONS) and not (is_main and isinstance(node, ast.Module)):
        return
    body = node.body
    quiet: set[int] = set()
    found = _found(scope, names, flow, body, quiet)
    perhaps = _take_out(found)
    if found:
        roles.assign(body, found, Derived(scope, body))
    if notes:
        for key, touched in perhaps.items():
            found.setdefault(key, []).extend(touched)
    if found:
        _filter(scope, names, body, found)
        if not notes:
            found = _without_notes(found)
    function = FunctionTable(scope)
    for planned in plan(body, found, quiet):
        _site(planned, function, table, notes)
    _defines(scope, function)
    if function.before or function.after or function.defines:
        table.functions[function.line, function.qualname] = function


def _found(
    scope: Scope, names: Names, flow: Flow, body: list[ast.stmt], quiet: set[int]
) -> dict[int, list[Touched]]:
    """Accesses by statement. `quiet` gets the statements that call nothing."""
    found: dict[int, list[Touched]] = {}
    for statement in statements(body):
        bound = flow.before.get(id(statement))
        if bound is None:
            continue
        uncertain = _tested_names(statement, scope) - bound
        walker = Walker(scope, names, bound | uncertain)
        touched = touched_by(statement, walker)
        for one in touched:
            one.certain = uncertain.isdisjoint([one.root, *(k.id for k in keys_of(one.path))])
        if isinstance(statement, (*SIMPLE, ast.If)) and not walker.called:
            quiet.add(id(statement))
        if touched:
            found[id(statement)] = touched
    return found


def _take_out(found: dict[int, list[Touched]]) -> dict[int, list[Touched]]:
    """Take out what may be left out: nothing can be said of a run by it."""
    taken = {}
    for key, touched in list(found.items()):
        perhaps = [t for t in touched if t.maybe]
        if perhaps:
            taken[key] = perhaps
            found[key] = [t for t in touched if not t.maybe]
            if not found[key]:
                del found[key]
    return taken


def _tested_names(node: ast.stmt, scope: Scope) -> frozenset[str]:
    """Local variables that are bound once the test of a loop has been evaluated."""
    if not isinstance(node, ast.While):
        return frozenset()
    names = (part.id for part in ast.walk(node.test) if isinstance(part, ast.Name))
    return frozenset(name for name in names if scope.kind_of(name) == LOCAL)


def _filter(
    scope: Scope, names: Names, body: list[ast.stmt], found: dict[int, list[Touched]]
) -> None:
    """Leave out what nobody else can know, and reads of what is set once."""
    roots = {t.root for touched in found.values() for t in touched}
    private = Private(scope, names, body, roots)
    own = scope.parameters[:1]
    for statement, loops in _with_loops(body, ()):
        touched = found.get(id(statement))
        if touched is None:
            continue
        kept = [
            t
            for t in touched
            if (t.certain or t.after)
            and not _is_set_once(t, names, own)
            and (
                t.what is What.VARIABLE
                or not private.is_private(t.root, t.base or statement, loops)
            )
        ]
        if kept:
            found[id(statement)] = kept
        else:
            del found[id(statement)]


def _without_notes(found: dict[int, list[Touched]]) -> dict[int, list[Touched]]:
    """Without reads that can lose nothing: a pair of such a read and a write is never an error."""
    kept = {
        key: [
            t
            for t in touched
            if t.mode is not Mode.READ
            or t.role is not Role.PLAIN
            or t.what is What.ITERATE
            or t.polls
        ]
        for key, touched in found.items()
    }
    return {key: touched for key, touched in kept.items() if touched}


def _is_set_once(touched: Touched, names: Names, own: list[str]) -> bool:
    """A read of an attribute of the function's own object that only constructors assign."""
    if touched.what is not What.ATTRIBUTE or touched.mode is not Mode.READ:
        return False
    if touched.role is not Role.PLAIN or touched.root not in own:
        return False
    return touched.name not in names.stored


def _with_loops(
    body: list[ast.stmt], loops: tuple[int, ...]
) -> Iterator[tuple[ast.stmt, tuple[int, ...]]]:
    for statement in body:
        is_loop = isinstance(statement, (ast.For, ast.AsyncFor, ast.While))
        inside = (*loops, id(statement)) if is_loop else loops
        # Why: the header of a `while` runs in every round; that of a `for` only once.
        yield statement, inside if isinstance(statement, ast.While) else loops
        for block in blocks(statement):
            yield from _with_loops(block, inside)


def _site(planned: Planned, function: FunctionTable, table: Table, notes: bool) -> None:
    """Register the sites of one statement; with `notes`, what is told too late is announced."""
    before = _register(planned.before, function, planned.node.lineno, table, False)
    after = _register(planned.after, function, planned.node.lineno, table, True)
    if notes and before is None and after is not None:
        # Why: whoever decides who goes on needs a moment before the statement.
        before = _register(Draft(), function, planned.node.lineno, table, False)
    function.steps[id(planned.node)] = Step(before, after, planned.again and before is not None)
    if before is not None:
        function.before.setdefault(planned.node.lineno, before)
    if after is not None:
        function.after.setdefault(planned.node.lineno, after)


def _register(
    draft: Draft | None, function: FunctionTable, line: int, table: Table, after: bool
) -> Site | None:
    if draft is None or len(table.sites) >= SPAN:
        return None
    number = table.base + len(table.sites)
    roots, accesses, maybe = tuple(draft.roots), tuple(draft.accesses), tuple(draft.maybe)
    site = Site(number, table.path, function.qualname, line, roots, accesses, after, maybe)
    table.sites.append(site)
    sites[number] = site
    return site


def _defines(scope: Scope, function: FunctionTable) -> None:
    for inner in scope.inner:
        if isinstance(inner.node, FUNCTIONS) and _uses_cells(inner):
            function.defines[inner.node.lineno] = inner.node.name


def _uses_cells(scope: Scope) -> bool:
    for name in scope.used | scope.nonlocals:
        owner = scope.owner_of(name)
        if owner is not None and owner is not scope and name in owner.shared:
            return scope.kind_of(name) == FREE
    return any(_uses_cells(inner) for inner in scope.inner)
