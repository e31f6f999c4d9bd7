"""The expressions that are inserted. None can be told apart from the program by its lines.

Every call stands behind the gate: `@racecheck_on and @racecheck_one(17, self)`. The names live in
`builtins`, cannot be written in a program, and are not mangled in classes.
"""

from __future__ import annotations

import ast
from typing import Final, TypeVar

from racecheck.runtime.sites import CELL, MODULE, VALUE, Root, Site

ON: Final = "@racecheck_on"
ONE: Final = "@racecheck_one"
TWO: Final = "@racecheck_two"
MODULE_HIT: Final = "@racecheck_module"
INNER: Final = "@racecheck_inner"
AGAIN: Final = "@racecheck_again"
MANY: Final = "@racecheck_hit"
MADE: Final = "@racecheck_made"
GLOBALS: Final = "@racecheck_globals"
LOAD: Final = "@racecheck_load"

_Node = TypeVar("_Node", bound=ast.AST)


def placed(node: _Node, like: ast.AST) -> _Node:
    """`node` and all in it get the place at which `like` begins, and none of its other lines."""
    line, start = like.lineno, like.col_offset  # type: ignore[attr-defined]
    single = like.end_lineno == line  # type: ignore[attr-defined]
    end = like.end_col_offset if single else start  # type: ignore[attr-defined]
    for part in ast.walk(node):
        if isinstance(part, (ast.expr, ast.stmt)):
            part.lineno = part.end_lineno = line
            part.col_offset, part.end_col_offset = start, end
    return node


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _root(root: Root) -> ast.expr:
    if root.kind == MODULE:
        return ast.Call(_name(GLOBALS), [], [])
    if root.kind != CELL:
        return _name(root.name)
    nothing = ast.arguments([], [], None, [], [], None, [])
    cells = ast.Attribute(ast.Lambda(nothing, _name(root.name)), "__closure__", ast.Load())
    return ast.Subscript(cells, ast.Constant(0), ast.Load())


def _hit(site: Site) -> ast.expr:
    number = ast.Constant(site.number)
    roots = [_root(root) for root in site.roots]
    function = MANY
    if site.plain and len(roots) == 1:
        is_module = site.roots[0].kind == MODULE
        function, roots = (MODULE_HIT, []) if is_module else (ONE, roots)
    elif site.plain and len(roots) == 2:
        function = TWO
    elif site.inner and site.roots[0].kind == VALUE:
        function = INNER
    return ast.Call(_name(function), [number, *roots], [])


def again(site: Site, like: ast.AST) -> ast.stmt:
    """A statement that tells what a loop goes through, at each of its turns."""
    if not site.turns:
        return statement(site, like)
    call = ast.Call(_name(AGAIN), [ast.Constant(site.number), _root(site.roots[0])], [])
    return placed(ast.If(_name(ON), [ast.Expr(call)], []), like)


def _gated(site: Site) -> ast.expr:
    """`on and hit(number, roots)`: false as a truth value, whatever happens."""
    return ast.BoolOp(ast.And(), [_name(ON), _hit(site)])


def first(site: Site, value: ast.expr) -> ast.expr:
    """An expression that tells the site and then evaluates to `value`."""
    leaf = leaf_of(value)
    together = ast.BoolOp(ast.Or(), [placed(_gated(site), leaf), value])
    return ast.copy_location(together, leaf)


def last(site: Site, value: ast.expr) -> ast.expr:
    """An expression that evaluates to `value` and then tells the site."""
    both = ast.Tuple([value, placed(_gated(site), value)], ast.Load())
    ast.copy_location(both, value)
    zero = ast.copy_location(ast.Constant(0), value)
    return ast.copy_location(ast.Subscript(both, zero, ast.Load()), value)


def statement(site: Site, like: ast.AST) -> ast.stmt:
    """A statement that tells the site, at the place of `like`."""
    return placed(ast.If(_name(ON), [ast.Expr(_hit(site))], []), like)


def birth(name: str, like: ast.AST) -> ast.stmt:
    """A statement that notes where the object called `name` is made."""
    return placed(ast.Expr(ast.Call(_name(MADE), [_name(name)], [])), like)


def leaf_of(node: ast.expr) -> ast.expr:
    """The part of an expression that is evaluated first: the line at which it begins to run."""
    whole = node
    while True:
        below = _first_child(node)
        if below is None:
            break
        node = below
    return whole if isinstance(node, (ast.Constant, ast.Dict)) else node


def _first_child(node: ast.expr) -> ast.expr | None:
    for name in _FIRST.get(type(node), ()):
        found = getattr(node, name)
        if isinstance(found, list):
            found = found[0] if found else None
        if isinstance(found, ast.comprehension):
            found = found.iter
        if isinstance(found, ast.expr):
            return found
    return None


_FIRST: Final[dict[type[ast.expr], tuple[str, ...]]] = {
    ast.Attribute: ("value",),
    ast.Call: ("func",),
    ast.Subscript: ("value",),
    ast.BinOp: ("left",),
    ast.BoolOp: ("values",),
    ast.Compare: ("left",),
    ast.IfExp: ("test",),
    ast.UnaryOp: ("operand",),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Set: ("elts",),
    ast.Await: ("value",),
    ast.Yield: ("value",),
    ast.YieldFrom: ("value",),
    ast.NamedExpr: ("value",),
    ast.Starred: ("value",),
    ast.ListComp: ("generators",),
    ast.SetComp: ("generators",),
    ast.DictComp: ("generators",),
}
