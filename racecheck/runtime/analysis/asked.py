"""Tests that are acted upon at once: `if self.busy: return`, and then `self.busy = True`.

Nothing happens between such a test and the store behind it. A store of another thread that comes
there could as well have come before the test, unless the test had come out differently by it. So
what a test asked is kept: whoever stores just that does it no harm, in whatever order. With
anything in between this does not hold: in `if self.dirty: self.save(); self.dirty = False` a
`self.dirty = True` that comes while saving is lost.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from racecheck.runtime.analysis.scopes import statements
from racecheck.runtime.analysis.touched import (
    Thing,
    Touched,
    attributes_of,
    constant_of,
    is_simple,
)
from racecheck.runtime.sites import EQUAL, IS, TRUTH, Asked, Mode, What

_SINGLE: Final = (bool, type(None))
Found: TypeAlias = Mapping[int, list[Touched]]


class Block(NamedTuple):
    """Statements that are reached with this outcome of the test only."""

    body: list[ast.stmt]
    outcome: bool


class AtOnce(NamedTuple):
    """How one test is acted upon. `acts`: what is asked, by `id(store)`.

    `blind`: the constants that are stored later on, by `id`. They rely on the act, not on the test.
    """

    acts: dict[int, Asked]
    blind: set[int]


def at_once(test: ast.expr, tested: Touched, blocks: list[Block], found: Found) -> AtOnce:
    """The stores that follow a test of `tested` immediately."""
    result = AtOnce({}, set())
    for block in blocks:
        asked = _asked(test, tested, block.outcome)
        act = _store(block.body, tested.thing, found) if asked is not None else None
        if asked is not None and act is not None:
            result.acts[id(act)] = asked
            result.blind.update(id(t) for t in _stores(block.body[1:], tested.thing, found))
    return result


def _asked(test: ast.expr, tested: Touched, outcome: bool) -> Asked | None:
    """What is known if a test that looks at nothing else comes out like this."""
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, outcome = test.operand, not outcome
    if not isinstance(test, ast.Compare):
        return Asked(TRUTH, None, outcome) if _is(test, tested) else None
    if len(test.ops) != 1 or not _is(test.left, tested):
        return None
    known, constant = constant_of(test.comparators[0])
    if not known or not is_simple(constant):
        return None
    operator = test.ops[0]
    if isinstance(operator, (ast.Eq, ast.NotEq)):
        return Asked(EQUAL, constant, outcome is isinstance(operator, ast.Eq))
    if isinstance(operator, (ast.Is, ast.IsNot)) and type(constant) in _SINGLE:
        return Asked(IS, constant, outcome is isinstance(operator, ast.Is))
    return None


def _is(node: ast.expr, tested: Touched) -> bool:
    """Whether the expression is what `tested` read, and no more. Names may be mangled there."""
    found = attributes_of(node)
    if found is None or found[0] is not tested.base:
        return False
    if tested.what is What.VARIABLE:
        return not found[1]
    return tested.what is What.ATTRIBUTE and len(found[1]) == len(tested.path) + 1


def _store(body: list[ast.stmt], thing: Thing, found: Found) -> Touched | None:
    """The store of a constant that the block begins with."""
    return next(_stores(body[:1], thing, found), None)


def _stores(body: list[ast.stmt], thing: Thing, found: Found) -> Iterator[Touched]:
    for statement in statements(body):
        if isinstance(statement, ast.Assign):
            for touched in found.get(id(statement), ()):
                plain = touched.what in (What.ATTRIBUTE, What.VARIABLE) and not touched.after
                if plain and touched.thing == thing and touched.mode is Mode.WRITE:
                    if touched.idempotent:
                        yield touched
