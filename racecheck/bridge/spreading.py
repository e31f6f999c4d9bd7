"""Explorations spread over the workers of an executor: who does what next, and what it comes to.

`Spreader` sees targets and answers, never a thread of the user's: it can be used where nothing of
racecheck is switched on. At any time the worker that is free is given the most urgent part: the
end of an exploration before its shares, these before the beginning of the next.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Any, Final, Protocol, TypeAlias

from racecheck.bridge import workers
from racecheck.bridge.bodies import Function
from racecheck.bridge.exploring import Interrupted, options
from racecheck.bridge.orders import Answer, Order, Setup, packed, sys_path, unpacked
from racecheck.bridge.schedules import Store
from racecheck.core.errors import UsageError
from racecheck.core.finding import Finding
from racecheck.explore.explorer import Plan
from racecheck.explore.jobs.legs import Leg, added
from racecheck.explore.jobs.parts import verdict
from racecheck.explore.verdict import INCONCLUSIVE, PASSES, Verdict
from racecheck.settings import Loaded

GRACE: Final = 60.0
"""Seconds beyond its time in which a part may come back: starting, importing, shrinking."""

ANSWERS: Final = 30.0
"""Seconds in which some worker of an executor must say that it is there."""

AGAIN: Final = 0.05
"""Seconds until processes are ended that have begun in the middle of an end."""

Told: TypeAlias = "Callable[[str, str], None]"


class Submits(Protocol):
    """The part of `concurrent.futures.Executor` that is used."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Call it somewhere."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What came of one target.

    `reports`: of pytest, from the first part or the last; `summed`: which do not know the verdict.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    skipped: str = ""
    reports: tuple[Any, ...] = ()
    summed: bool = False


@dataclass(slots=True)
class _Case:
    """One target on its way."""

    number: int
    order: Order
    whole: Leg | None = None
    reports: tuple[Any, ...] = ()
    skipped: str = ""
    legs: dict[int, Leg | None] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    stop: int = 0
    settled: bool = False
    until: float = 0.0
    done: Spread | None = None


_Piece: TypeAlias = "tuple[int, int, int]"
"""How urgent, which case, which share: -1 is the beginning or the end."""

_END, _SHARE, _BEGIN = range(3)


class Spreader:
    """Explores targets on an executor with `width` workers. `told` hears of it, by target."""

    def __init__(
        self,
        executor: Submits,
        setup: Setup,
        width: int,
        told: Told | None = None,
        plan: Callable[[str], Plan] | None = None,
        grace: float = GRACE,
    ) -> None:
        self._executor = executor
        self._setup = packed(setup)
        self._width = max(width, 1)
        self._told: Told = told or (lambda target, line: None)
        self._plan = plan or (lambda _: options(setup.loaded)[1])
        self._grace = grace
        self._store = Store(setup.loaded.root)
        self._cases: list[_Case] = []
        self._todo: list[_Piece] = []
        self._running: dict[Future[bytes], _Piece] = {}
        self._shown = 0

    def greet(self) -> None:
        """UsageError if no worker answers, or if the one that does cannot explore."""
        try:
            problem = self._executor.submit(workers.greet, self._setup).result(ANSWERS)
        except TimeoutError:
            raise UsageError(
                f"no worker has answered within {ANSWERS:.0f} s",
                "are there any, and are they free?",
            ) from None
        except Exception as error:
            raise UsageError(
                f"a worker cannot run racecheck: {type(error).__name__}: {error}",
                "install the same racecheck for the same Python where the workers are",
            ) from None
        if problem:
            raise UsageError(f"a worker cannot explore: {problem}", "all sides must be the same")

    def explore(self, orders: Sequence[Order]) -> Iterator[Spread]:
        """What comes of each, in this order, as soon as it is known."""
        self._cases = [_Case(number, order) for number, order in enumerate(orders)]
        for case in self._cases:
            saved = tuple(one.schedule for one in self._store.of(case.order.target))
            case.order = replace(case.order, saved=saved)
            heappush(self._todo, (_BEGIN, case.number, -1))
        try:
            while self._shown < len(self._cases):
                self._submit()
                yield from self._next()
                if self._running:
                    self._await()
        finally:
            for future in self._running:
                future.cancel()

    def so_far(self) -> list[Spread]:
        """After an interruption: what is known of targets that `explore` has not told."""
        return [
            case.done or Spread(verdict(case.whole or Leg(), case.order.target, ""))
            for case in self._cases[self._shown :]
            if case.done is not None or case.whole is not None
        ]

    def _next(self) -> Iterator[Spread]:
        while self._shown < len(self._cases):
            found = self._cases[self._shown].done
            if found is None:
                return
            self._shown += 1
            yield found

    # -- who does what

    def _submit(self) -> None:
        while self._todo and len(self._running) < self._width:
            piece = heappop(self._todo)
            order = self._order(piece)
            if order is None:
                continue
            limit = None if order.seconds is None else order.seconds + self._grace
            future = self._executor.submit(workers.work, self._setup, packed(order), limit)
            self._running[future] = piece

    def _order(self, piece: _Piece) -> Order | None:
        """What is to be sent; None: it is not needed any more."""
        urgency, number, index = piece
        case = self._cases[number]
        plan = self._plan(case.order.target)
        seconds = plan.seconds if plan.seconds != float("inf") else None
        if urgency == _BEGIN:
            return replace(case.order, seconds=seconds)
        assert case.whole is not None
        if urgency == _END:
            return replace(case.order, seconds=seconds, whole=replace(case.whole, shares=()))
        left = case.until - time.monotonic()
        if index >= case.stop or case.settled or left <= 0:
            case.legs.setdefault(index, None)
            self._settle(case)
            return None
        share, points = case.whole.shares[index], case.whole.points
        seconds = left if seconds is not None else None
        return replace(case.order, saved=(), share=share, points=points, seconds=seconds)

    def _await(self) -> None:
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        # Why in order: several may be done, and what is said of them is to be the same each time.
        for future in sorted(done, key=lambda one: self._running[one]):
            urgency, number, index = self._running.pop(future)
            case, answer = self._cases[number], _answer(future)
            for line in answer.told:
                self._told(case.order.target, line)
            if answer.usage[0]:
                raise UsageError(*answer.usage)
            if urgency == _SHARE:
                self._share_done(case, index, answer)
            else:
                self._end_done(case, answer)

    # -- what comes of it

    def _end_done(self, case: _Case, answer: Answer) -> None:
        """The beginning, or the end."""
        case.skipped = answer.skipped or case.skipped
        case.reports = answer.reports or case.reports
        found, target = answer.verdict, case.order.target
        summed = not answer.reports
        if answer.leg is not None:
            case.whole = leg = answer.leg
            case.stop = len(leg.shares)
            case.until = time.monotonic() + self._plan(target).seconds - leg.seconds
            self._told(target, f"{len(leg.shares)} shares go to {self._width} workers")
            for index in range(len(leg.shares)):
                heappush(self._todo, (_SHARE, case.number, index))
            return
        if found is None:
            said = answer.fault or "there was no answer"
            whole = case.whole or Leg()
            found = replace(verdict(whole, target, ""), outcome=INCONCLUSIVE, reason=said)
        elif found.outcome == PASSES and case.lost:
            found = self._doubted(case, found)
        self._store.settle(found)
        found = replace(found, notes=tuple(dict.fromkeys((*found.notes, *self._store.notes))))
        case.done = Spread(found, answer.findings, case.skipped, case.reports, summed)

    def _share_done(self, case: _Case, index: int, answer: Answer) -> None:
        leg = case.legs[index] = answer.leg
        if leg is None:
            case.lost[index] = answer.fault
            self._told(case.order.target, f"share {index + 1} of {case.stop}: {answer.fault}")
        elif not leg.left(leg.runs + 1, self._plan(case.order.target).keep_going):
            # Why those before go on: they would have come first in one process.
            case.stop = min(case.stop, index + 1)
        self._settle(case)

    def _settle(self, case: _Case) -> None:
        """Add up the shares, once all are there that count."""
        if case.settled or any(index not in case.legs for index in range(case.stop)):
            return
        case.settled = True
        assert case.whole is not None
        plan, whole = self._plan(case.order.target), case.whole
        for index, share in enumerate(case.whole.shares[: case.stop]):
            left, leg = whole.left(plan.schedules, plan.keep_going), case.legs[index]
            if left and leg is not None:
                whole = added(whole, leg, share, left)
        for hit in whole.hits[len(case.whole.hits) :]:
            said = f"schedule {hit.number + 1} ({hit.by}) fails: {hit.failure.text}"
            self._told(case.order.target, said)
        case.whole = whole
        if whole.hits:
            heappush(self._todo, (_END, case.number, -1))
            return
        found = verdict(whole, case.order.target, whole.repeats)
        self._end_done(case, Answer(verdict=found))

    def _doubted(self, case: _Case, found: Verdict) -> Verdict:
        """What passes, and was not tried as far as it was to be."""
        if found.complete:
            return found
        (index, said), *others = sorted(case.lost.items())
        assert case.whole is not None
        more = f" (and {len(others)} more)" if others else ""
        many = len(case.whole.shares)
        reason = f"share {index + 1} of {many} is missing{more}: {said}"
        return replace(found, outcome=INCONCLUSIVE, reason=reason, complete=False)


def _answer(future: Future[bytes]) -> Answer:
    try:
        found: Answer = unpacked(future.result())
    except Exception as error:
        return Answer(fault=f"its worker is gone: {type(error).__name__}: {error}")
    return found


def spreads(loaded: Loaded) -> bool:
    """Whether the settings ask for more than this process."""
    own = loaded.settings.explore
    return not workers.is_child() and (own.jobs != 1 or bool(own.cluster))


def explored(
    functions: Sequence[Function],
    loaded: Loaded,
    told: Told | None = None,
    executor: Submits | None = None,
) -> Iterator[Spread]:
    """What comes of each function; an interruption raises `Interrupted` with what is known."""
    setup = Setup(loaded, path=sys_path())
    orders = [Order(one.named(loaded.root), one.home, one.name) for one in functions]
    with spreader(setup, told, executor) as found:
        try:
            yield from found.explore(orders)
        except KeyboardInterrupt:
            raise Interrupted(*(one.verdict for one in found.so_far())) from None


@contextmanager
def spreader(
    setup: Setup,
    told: Told | None = None,
    executor: Submits | None = None,
    plan: Callable[[str], Plan] | None = None,
    grace: float = GRACE,
) -> Iterator[Spreader]:
    """On the executor, or on what the settings ask for."""
    own = setup.loaded.settings.explore
    with ExitStack() as stack:
        if executor is not None:
            width = width_of(executor, setup.loaded)
        elif own.cluster:
            from racecheck.bridge.cluster import cluster

            executor, width = stack.enter_context(cluster(own.cluster, setup))
        else:
            executor, width = stack.enter_context(processes(own.jobs))
        found = Spreader(executor, setup, width, told, plan, grace)
        found.greet()
        yield found


@contextmanager
def processes(many: int) -> Iterator[tuple[Executor, int]]:
    """Processes of this machine: a thread drives each of them, and they end with this."""
    width = many or usable()
    executor = ThreadPoolExecutor(width, "racecheck-spreading")
    try:
        yield executor, width
    finally:
        _end(executor)


def _end(executor: Executor) -> None:
    """Until no thread is left that waits for a process."""
    closing = threading.Thread(target=executor.shutdown, kwargs={"cancel_futures": True})
    closing.start()
    while closing.is_alive():
        # Why again: a thread may have had its order and no process yet when the others were ended.
        workers.end_all()
        closing.join(AGAIN)


def usable() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def width_of(executor: Any, loaded: Loaded) -> int:
    """Workers of somebody's executor, as far as it says."""
    many = getattr(executor, "_max_workers", None)
    jobs = loaded.settings.explore.jobs
    return many if isinstance(many, int) and many > 0 else jobs if jobs > 1 else usable()
