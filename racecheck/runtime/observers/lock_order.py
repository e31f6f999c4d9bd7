"""Lock order: deadlocks that this run did not have and another one can have.

Every new way in which a thread takes a lock while it holds others is a request. Waiting for the
end of a thread, a result, an event or an item while holding a lock is a request as well; the one
that it waits for "holds" it, for as long as only that thread can give it. Cycles among the requests
are looked for when findings are asked for (`runtime/cycles.py`).
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.core.finding import Finding
from racecheck.runtime import lock_report, pristine
from racecheck.runtime.clocks import Knowledge
from racecheck.runtime.cycles import Search
from racecheck.runtime.naming import user_frame
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.stacks import Stack, capture

if TYPE_CHECKING:
    from racecheck.runtime.chains import Link
    from racecheck.runtime.hooks import Hooks
    from racecheck.runtime.threads import Origin, ThreadState

ALIKE: Final = 24
"""Requests of one lock under the same locks at one place that are kept: the first and the last."""

KINDS: Final = 20_000
"""Different ones that are kept; beyond it the oldest are forgotten and counted."""

GIVERS: Final = 20_000
"""Events, queues and futures of which it is known who gave them first."""


class Lock(NamedTuple):
    """What is kept of a lock: not the lock itself, which must be able to die."""

    number: int
    made: Stack
    kind: str


class Dependency(NamedTuple):
    """A request as it was made. `holds`: the locks held, first taken first, and where."""

    thread: int
    name: str
    origin: Origin | None
    job: Origin | None
    wants: Hashable
    what: Lock | str
    held: frozenset[Hashable]
    holds: tuple[tuple[Lock, Stack], ...]
    stack: Stack
    slot: int
    clock: int
    hard: Knowledge
    moment: int


class Giver(NamedTuple):
    """Who alone gives something, and when first. `job`: what it was doing, in a pool."""

    thread: int
    job: Any
    moment: float


class Observer:
    """The observer. Listeners run on the threads of the program, each briefly under one mutex."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._mutex = pristine.allocate_lock()
        self._moments = count(1)
        self._told: set[Any] = set()
        self._fresh: set[Any] = set()
        self._limits: dict[str, None] = {}
        self._clear()

    def _clear(self) -> None:
        self._nested: dict[Any, list[Dependency]] = {}
        self._single: dict[Any, list[Dependency]] = {}
        self._givers: dict[Hashable, Giver | None] = {}
        self._numbers: dict[int, tuple[Any, int]] = {}

    def listen(self, hooks: Hooks) -> None:
        """Begin to watch."""
        hooks.listen(
            dependency=self.dependency, taken=self.taken, awaits=self.awaits, gave=self.gave
        )

    def begin_test(self) -> None:
        """Threads of other tests do not meet those of this one."""
        with self._mutex:
            self._clear()

    def forget(self) -> None:
        """Findings so far have been reported."""
        self._told |= self._fresh

    def stop(self) -> None:
        """Nothing was installed."""

    def limits(self) -> list[str]:
        """What was not kept, or not looked for."""
        return list(self._limits)

    def dependency(self, thread: ThreadState, link: Link) -> None:
        """A lock was taken under others."""
        what = _lock(link)
        self._keep(self._nested, thread, what.number, what, link.above, link.stack)

    def taken(self, thread: ThreadState, link: Link) -> None:
        """A lock was taken under none: it matters if somebody waits for this thread."""
        what = _lock(link)
        self._keep(self._single, thread, what.number, what, None, link.stack)

    def awaits(self, thread: ThreadState, kind: str, target: Any, stack: Stack = ()) -> None:
        """Something that another thread gives is waited for under a lock."""
        if thread.chain is not None:
            stack = stack or capture(pristine.getframe(1))
            resource = self._resource(kind, target)
            self._keep(self._nested, thread, resource, kind, thread.chain, stack)

    def gave(self, thread: ThreadState, kind: str, target: Any) -> None:
        """A thread gives something; if a second one does as well, nobody depends on either."""
        if thread.busy:
            return
        resource = self._resource(kind, target)
        known = self._givers.get(resource, self)
        if known is self:
            if len(self._givers) >= GIVERS:
                self._givers.pop(next(iter(self._givers)), None)
            self._givers[resource] = Giver(thread.number, thread.job, next(self._moments))
        elif isinstance(known, Giver) and known.thread != thread.number:
            self._givers[resource] = None

    def _resource(self, kind: str, target: Any) -> Hashable:
        """A name for an object that no later one gets."""
        if kind == "join":
            return kind, target.number
        numbers, key = self._numbers, id(target)
        known = numbers.get(key)
        if known is None or known[0]() is not target:
            reference = weakref.ref(target, lambda gone: _drop(numbers, key, gone))
            known = numbers[key] = (reference, next(self._moments))
        return kind, known[1]

    def _keep(
        self,
        store: dict[Any, list[Dependency]],
        thread: ThreadState,
        wants: Hashable,
        what: Lock | str,
        chain: Link | None,
        stack: Stack,
    ) -> None:
        if thread.busy:
            return
        thread.busy = True
        try:
            holds = tuple((_lock(link), link.stack) for link in reversed(list(chain or ())))
            held = frozenset(lock.number for lock, _ in holds)
            key = (wants, held, user_frame(stack))
            with self._mutex:
                alike = store.get(key)
                if alike is None:
                    if len(store) >= KINDS:
                        self._limits[
                            "too many different lock orders: the oldest were forgotten"
                        ] = None
                        del store[next(iter(store))]
                    alike = store[key] = []
                elif len(alike) >= ALIKE:
                    del alike[ALIKE // 2]
                alike.append(_dependency(thread, wants, what, held, holds, stack, self._moments))
        finally:
            thread.busy = False

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """One finding for each set of places, however many objects and threads it was seen with."""
        if not self._nested:
            return  # nothing was asked for under a lock
        found: dict[Any, list[Sequence[Any]]] = {}
        search = Search(self._requests())
        for cycle in search:
            found.setdefault(lock_report.identity(cycle), []).append(cycle)
        if search.exhausted:
            self._limits["the search for lock-order cycles was ended by its budget"] = None
        for identity, cycles in found.items():
            if identity not in self._told:
                self._fresh.add(identity)
                yield lock_report.finding(cycles[0], len(cycles), options)

    def _requests(self) -> list[Dependency]:
        """Everything kept; whoever is waited for also holds what only it can give."""
        with self._mutex:
            nested = [one for alike in self._nested.values() for one in alike]
            single = [one for alike in self._single.values() for one in alike]
        awaited = {one.wants for one in nested if isinstance(one.what, str)}
        duties: dict[int, list[tuple[Hashable, Giver]]] = {}
        for resource in awaited:
            giver = self._giver(resource)
            if giver is not None:
                duties.setdefault(giver.thread, []).append((resource, giver))
        requests = [_with_duties(one, duties) for one in (*nested, *single)]
        return sorted((one for one in requests if one.held), key=lambda one: one.moment)

    def _giver(self, resource: Any) -> Giver | None:
        if resource[0] == "join":
            return Giver(resource[1], Any, float("inf"))
        return self._givers.get(resource)


def _lock(link: Link) -> Lock:
    return Lock(link.lock.number, link.lock.made, link.lock.kind)


def _dependency(
    thread: ThreadState,
    wants: Hashable,
    what: Lock | str,
    held: frozenset[Hashable],
    holds: tuple[tuple[Lock, Stack], ...],
    stack: Stack,
    moments: Iterator[int],
) -> Dependency:
    return Dependency(
        thread=thread.number,
        name=thread.name,
        origin=thread.origin,
        job=thread.job,
        wants=wants,
        what=what,
        held=held,
        holds=holds,
        stack=stack,
        slot=thread.slot,
        clock=thread.clock,
        hard=thread.hard,
        moment=next(moments),
    )


def _with_duties(one: Dependency, duties: dict[int, list[tuple[Hashable, Giver]]]) -> Dependency:
    """What the thread owes to others while it makes the request."""
    owed = frozenset(
        resource
        for resource, giver in duties.get(one.thread, ())
        if one.moment < giver.moment and giver.job in (Any, one.job) and resource != one.wants
    )
    return one._replace(held=one.held | owed) if owed else one


def _drop(numbers: dict[int, tuple[Any, int]], key: int, gone: Any) -> None:
    known = numbers.get(key)
    if known is not None and known[0] is gone:
        del numbers[key]
