"""Values that are made under a lock on purpose: one thread makes them, the others need them.

`if self._engine is None:` under the lock, then `self._engine = make()`. Who waits for the lock
meanwhile waits for that very value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from racecheck.facts.schema import Call, Test
from racecheck.program import locks
from racecheck.program.model import Function, Held
from racecheck.program.paths import split

_MISSING: Final = frozenset({"is None", "not", "not in"})
_THERE: Final = frozenset({"is not None", "truth", "in"})


class _Slot(NamedTuple):
    """Where the value is kept; keyed: one of many in a container."""

    path: str
    keyed: bool


def is_creation(function: Function, call: Call, lock: Held, takers: Iterable[Function]) -> bool:
    """Does the call make what its lock is there for, and is that all that others wait for?

    Of a container, those who ask for another key wait as well: there it takes a look without the
    lock first, so that only those who miss something wait.
    """
    region = _region(function, call.ctx, lock)
    if region < 0:
        return False
    outer = _outer(function, region)
    inner = [t for t in function.context(call.ctx).tests if t not in outer]
    return any(
        _missing(function, inner, slot.path)
        and (not slot.keyed or _missing(function, outer, slot.path))
        and all(_touches(taker, slot.path) for taker in takers)
        for slot in _slots(function, call, region)
    )


def _region(function: Function, ctx: int, lock: Held) -> int:
    """The innermost stretch of the function that holds the lock here."""
    for index in reversed(function.context(ctx).held):
        taken = locks.region(function, function.facts.regions[index])
        if any(held.lock.id == lock.lock.id for held in taken):
            return index
    return -1


def _outer(function: Function, region: int) -> list[int]:
    """Tests that have been made before the lock is taken."""
    inside = [c.tests for c in function.facts.contexts if region in c.held]
    return [t for t in inside[0] if all(t in tests for tests in inside)]


def _slots(function: Function, call: Call, region: int) -> Iterator[_Slot]:
    """Where the result is stored under the lock, at once or by way of a local."""
    if call.use != "bind":
        return
    if call.into not in function.facts.locals:
        yield _slot(call.into)
        return
    for access in function.facts.accesses:
        value = access.value
        if value is None or (value.kind, value.text) != ("path", call.into):
            continue
        held = region in function.context(access.ctx).held
        if held and access.seq > call.seq and access.kind in ("write", "mutate"):
            yield _Slot(_slot(access.path).path, access.kind == "mutate" or "[" in access.path)


def _slot(path: str) -> _Slot:
    above, last = split(path)
    return _Slot(above, True) if last.startswith("[") else _Slot(path, False)


def _missing(function: Function, tests: Iterable[int], slot: str) -> bool:
    """Does one of these tests say that the value is not there yet?"""
    found = ((t > 0, function.facts.tests[abs(t) - 1]) for t in tests)
    return any(
        test.shape in (_MISSING if holds else _THERE) and slot in _asked(function, test)
        for holds, test in found
    )


def _asked(function: Function, test: Test) -> Iterator[str]:
    """What a test speaks of; for a local, where its value has been looked up."""
    yield _looked_up(test.target)
    if test.target in function.facts.locals:
        for access in function.facts.accesses:
            if access.path == test.target and access.value is not None:
                yield _looked_up(access.value.text)


def _looked_up(path: str) -> str:
    return _slot(path.removesuffix("()").removesuffix(".get")).path


def _touches(function: Function, slot: str) -> bool:
    """Has the function anything to do with what is kept there?"""
    name = slot.rpartition(".")[2]
    return any(name in _names(access.path) for access in function.facts.accesses)


def _names(path: str) -> list[str]:
    return [part.partition("[")[0].partition("(")[0] for part in path.split(".")]
