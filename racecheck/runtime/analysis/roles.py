"""Which accesses belong together: updates, checks and what is done depending on them.

Two threads that each do one atomic thing are harmless; what races is a pair of accesses that only
makes sense if nobody comes in between. Here such pairs are recognised by the way they are written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from racecheck.runtime.analysis.asked import AtOnce, Block, at_once
from racecheck.runtime.analysis.derived import Derived
from racecheck.runtime.analysis.names import SHRINKS
from racecheck.runtime.analysis.scopes import SCOPES, blocks, statements
from racecheck.runtime.analysis.touched import Thing, Touched
from racecheck.runtime.analysis.trees import walk
from racecheck.runtime.sites import Asked, Mode, Role, What

Found: TypeAlias = Mapping[int, list[Touched]]
"""By `id(statement)`."""

_EXITS: Final = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_EXPECTED: Final = frozenset(
    "KeyError IndexError LookupError AttributeError ValueError Exception BaseException".split()
)
"""Exceptions by which one learns that somebody else was faster."""


def assign(body: list[ast.stmt], found: Found, derived: Derived) -> None:
    """Give the accesses of one code their roles."""
    for statement in statements(body):
        if isinstance(statement, ast.Assign):
            _update(statement, found, derived)
    _blocks(body, found, derived)
    for statement in statements(body):
        if isinstance(statement, ast.While):
            _mark_polls(statement, found)
    pauses = sorted(_pauses(body))
    if pauses:
        _mark_spans([t for group in found.values() for t in group], pauses)


_IDLE: Final = (ast.Pass, ast.Continue)
"""What the body of a loop that only waits is made of."""


def _mark_polls(node: ast.While, found: Found) -> None:
    """A loop that waits for others to set a flag: told once the test has seen what it saw.

    One that does nothing but wait may be part of a check that is acted upon (`while turn != me`).
    """
    idle = all(isinstance(one, _IDLE) for one in node.body)
    written = {t.thing for s in statements(node.body) for t in found.get(id(s), ()) if t.writes}
    for touched in found.get(id(node), ()):
        waits = touched.what in (What.ATTRIBUTE, What.VARIABLE) and touched.thing not in written
        wanted = touched.role is Role.PLAIN or (touched.role is Role.CHECK and idle)
        if waits and touched.mode is Mode.READ and wanted:
            touched.polls = touched.after = True


# -- pauses ------------------------------------------------------------------------------------


def _pauses(body: list[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Where other tasks of the loop may run."""
    for statement in statements(body):
        if isinstance(statement, (ast.AsyncFor, ast.AsyncWith)):
            yield statement.lineno, statement.col_offset
        for expression in _own(statement):
            for part in ast.walk(expression):
                if isinstance(part, ast.Await):
                    yield part.lineno, part.col_offset


def _own(statement: ast.stmt) -> list[ast.AST]:
    """What a statement evaluates itself: of a compound one, its header."""
    if isinstance(statement, SCOPES):
        return []
    if not hasattr(statement, "body") and not isinstance(statement, ast.Match):
        return [statement]
    header = [getattr(statement, name, None) for name in ("test", "iter", "subject")]
    items = [item.context_expr for item in getattr(statement, "items", ())]
    return [*(part for part in header if part is not None), *items]


def _mark_spans(accesses: list[Touched], pauses: list[tuple[int, int]]) -> None:
    """A read and a later write of one thing that belong together, with a pause in between."""
    starts = [t for t in accesses if t.role in (Role.CHECK, Role.UPDATE) and not t.writes]
    ends = [t for t in accesses if t.role in (Role.ACT, Role.UPDATE) and t.writes]
    for end in ends:
        for start in starts:
            if start.shape == end.shape or start.thing == end.thing:
                if _paused(start, end, pauses):
                    start.spans = end.spans = True


def _paused(start: Touched, end: Touched, pauses: list[tuple[int, int]]) -> bool:
    first, last = start.statement, end.statement
    if first is None or last is None or start.after:
        return False
    begin = (first.lineno, first.col_offset)
    finish = (last.end_lineno or last.lineno, last.end_col_offset or 0)
    if first is last and not end.after:
        return False
    if not end.after:
        # Why: told before its statement runs, so a pause inside of it does not come before.
        finish = (last.lineno, last.col_offset)
    return any(begin <= pause < finish for pause in pauses)


# -- updates -----------------------------------------------------------------------------------


def _update(node: ast.Assign, found: Found, derived: Derived) -> None:
    """`x.a = ... x.a ...`, also through locals that were made of it."""
    own = found.get(id(node), [])
    writes = [t for t in own if t.mode is Mode.WRITE and t.what is not What.CALL]
    if not writes:
        return
    made_of = derived.things(node.value)
    for write in writes:
        if write.thing not in made_of:
            continue
        write.raise_to(Role.UPDATE)
        sources = [node, *derived.definers(node.value)]
        reads = [
            t
            for source in sources
            for t in found.get(id(source), ())
            if t.mode is Mode.READ and t.thing == write.thing
        ]
        for read in reads:
            read.raise_to(Role.UPDATE)
        _merge(own, reads, write)


def _merge(own: list[Touched], reads: list[Touched], write: Touched) -> None:
    """One moment, if nothing is called between the read and the write of a statement."""
    together = [t for t in reads if t in own and t.what is write.what and not t.after]
    if together and not write.after:
        own.remove(together[0])
        write.mode = Mode.UPDATE


# -- checks ------------------------------------------------------------------------------------


class _Test(NamedTuple):
    """A test and the statements that run depending on its outcome; `rest`: those behind it."""

    node: ast.If | ast.While
    accesses: list[Touched]
    rest: list[ast.stmt]

    @property
    def region(self) -> list[ast.stmt]:
        """All of them."""
        return [*self.node.body, *self.node.orelse, *self.rest]

    def acts(self, access: Touched, found: Found) -> AtOnce:
        """How it is acted upon, as far as that happens at once."""
        node = self.node
        if isinstance(node, ast.While):
            return AtOnce({}, set())
        blocks = [Block(node.body, True), Block(node.orelse, False)]
        if _exits(node.body) != _exits(node.orelse):
            blocks.append(Block(self.rest, _exits(node.orelse)))
        return at_once(node.test, access, blocks, found)


def _blocks(body: list[ast.stmt], found: Found, derived: Derived) -> None:
    for index, statement in enumerate(body):
        if isinstance(statement, (ast.If, ast.While)) and not _is_generated(statement.test):
            test = _Test(
                statement,
                _tested(statement, found, derived),
                _rest(statement, body[index + 1 :]),
            )
            if test.accesses:
                _check(test, found, derived)
        for block in blocks(statement):
            _blocks(block, found, derived)


def _is_generated(node: ast.expr) -> bool:
    """A test that pytest made of an assertion."""
    return any(isinstance(p, ast.Name) and p.id.startswith("@") for p in walk(node))


def _rest(node: ast.If | ast.While, after: list[ast.stmt]) -> list[ast.stmt]:
    """What follows, if it is reached with one outcome of the test only."""
    if isinstance(node, ast.While):
        breaks = any(isinstance(part, ast.Break) for part in statements(node.body))
        return [] if breaks else after
    return after if _leaves(node) else []


def _leaves(node: ast.If) -> bool:
    """Whether the block is left with one of the outcomes."""
    return _exits(node.body) or _exits(node.orelse)


def _exits(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], _EXITS)


def _tested(node: ast.If | ast.While, found: Found, derived: Derived) -> list[Touched]:
    """Accesses that the test looks at, here or through a local that it asks about."""
    accesses = [t for t in found.get(id(node), ()) if not t.writes]
    for source in derived.sources(node.test, node):
        if isinstance(source, ast.Assign):
            accesses += [t for t in found.get(id(source), ()) if t.mode is Mode.READ]
    return accesses


def _check(test: _Test, found: Found, derived: Derived) -> None:
    settled = isinstance(test.node, ast.While) or _only_stores(test.region)
    for access in test.accesses:
        how = test.acts(access, found)
        relying = [
            other
            for other in _dependent(test.region, access, found, derived)
            if not (other.writes and other.idempotent and settled) and id(other) not in how.blind
        ]
        # Why all: of what happens in one epoch the act alone is remembered.
        known = all(id(other) in how.acts for other in relying)
        for other in relying:
            _relate(access, other, how.acts[id(other)] if known else None)


def _relate(access: Touched, other: Touched, asked: Asked | None) -> None:
    for one in (access, other):
        one.relies_on(asked)
    if other.writes and not _takes(other):
        access.raise_to(Role.CHECK)
        other.raise_to(Role.ACT)
    else:
        access.raise_to(Role.GUARD)
        other.raise_to(Role.USE)


def _takes(other: Touched) -> bool:
    """Whether it takes an item away: what others put in meanwhile does it no harm."""
    if other.what is What.CALL:
        return other.name in SHRINKS
    return other.what is What.ITEM and other.mode is Mode.DELETE


def _only_stores(region: list[ast.stmt]) -> bool:
    """Whether all that depends on the test is one constant: doing that twice changes nothing."""
    if len(region) != 1:
        return False
    only = region[0]
    return isinstance(only, ast.Assign) and isinstance(only.value, ast.Constant)


def _dependent(
    region: list[ast.stmt], access: Touched, found: Found, derived: Derived
) -> Iterator[Touched]:
    """Accesses in the region that rely on what `access` saw."""
    for statement in region:
        retests = isinstance(statement, (ast.If, ast.While)) and _asks(
            statement, access, found, derived
        )
        if retests:
            # Why: it is asked again (double-checked locking), so what depends on that test does
            # not rely on this one.
            if isinstance(statement, ast.If) and _leaves(statement):
                return
            continue
        if isinstance(statement, ast.Try) and _expects(statement):
            yield from _only_writes(statement, access, found)
            continue
        for other in found.get(id(statement), ()):
            if _relies(access, other):
                yield other
        for block in blocks(statement):
            yield from _dependent(block, access, found, derived)


def _only_writes(node: ast.Try, access: Touched, found: Found) -> Iterator[Touched]:
    """Whoever expects the exception needs no guard; storing is another matter."""
    for statement in statements([node]):
        for other in found.get(id(statement), ()):
            if other.mode in (Mode.WRITE, Mode.UPDATE) and other.what is not What.CALL:
                if _relies(access, other):
                    yield other


def _asks(node: ast.If | ast.While, access: Touched, found: Found, derived: Derived) -> bool:
    return any(
        t.thing == access.thing or (t.what is What.ATTRIBUTE and t.thing == _holder(access))
        for t in _tested(node, found, derived)
    )


def _holder(access: Touched) -> Thing:
    """The attribute in which a tested container stands."""
    return ("a", *access.shape[1:]) if access.what is not What.ATTRIBUTE else ()


def _expects(node: ast.Try) -> bool:
    for handler in node.handlers:
        if handler.type is None:
            return True
        names = {getattr(p, "id", "") for p in walk(handler.type)}
        if names & _EXPECTED:
            return True
    return False


def _relies(access: Touched, other: Touched) -> bool:
    """Whether `other` makes sense only if what `access` saw still holds."""
    if access.what in (What.ATTRIBUTE, What.VARIABLE):
        return other.thing == access.thing and other.what is access.what
    if other.shape != access.shape or other.safe:
        return False
    if access.key is not None:
        return other.key is not None and other.thing == access.thing and _touches_item(other)
    if access.what is What.SIZE:
        return _touches_shape(other)
    return False


def _touches_item(other: Touched) -> bool:
    if other.what is What.ITEM:
        return True
    return other.what is What.CALL and other.writes


def _touches_shape(other: Touched) -> bool:
    if other.what is What.ITEM:
        return other.mode in (Mode.READ, Mode.DELETE)
    return other.what is What.CALL and other.writes
