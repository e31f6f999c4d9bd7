"""The classic bugs and traps as other explorers want them: a state, its workers, an invariant.

The code under test is that of `tests/explore/programs`; only what these tools demand besides is
written here. `workers` get the state; `holds` is asked when all of them have ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import e01_barrier
import e02_future
import e03_semaphore_handoff
import e04_condition
import e05_simple_queue
import e06_locked_twice
import e07_gate_lock
import p01_counter
import p02_pop_if_any
import p03_lazy_singleton
import p04_dict_iterated
import p05_global
import p06_nonlocal
import p07_module_cache
import p08_abba
import p09_three_locks
import p10_lost_wakeup
import p11_locked_counter
import p12_queue_handoff
import p13_joined_between
import p14_event_publication


def anything(_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Model:
    """One program."""

    setup: Callable[[], Any]
    workers: Sequence[Callable[[Any], Any]]
    holds: Callable[[Any], bool] = anything


def reset_total() -> None:
    p05_global.total = 0


def add_total(_: Any) -> None:
    p05_global.add()


def empty_cache() -> None:
    p07_module_cache.CACHE.clear()
    p07_module_cache.MADE.clear()


def get_cached(_: Any) -> None:
    p07_module_cache.get("k")


def singleton() -> p03_lazy_singleton.Service:
    service = p03_lazy_singleton.Service()
    service.got = []
    return service


def get_singleton(service: Any) -> None:
    service.got.append(service.get())


def one_after_the_other(counter: p13_joined_between.Counter) -> None:
    for _ in range(2):
        thread = threading.Thread(target=counter.add)
        thread.start()
        thread.join()
    counter.add()


def submit_and_use(report: e02_future.Report) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(report.fill).result()
    report.lines += 1


def deposit(account: e06_locked_twice.Account) -> None:
    account.deposit(10)


Stack, Rooms, Gate = p02_pop_if_any.Stack, p04_dict_iterated.Rooms, p10_lost_wakeup.Gate
Pipe, Box, Phases = p12_queue_handoff.Pipe, p14_event_publication.Box, e01_barrier.Phases
Slot, Sure, Line = e03_semaphore_handoff.Slot, e04_condition.Gate, e05_simple_queue.Pipe
Bare, Safe, Gated = p01_counter.Counter, p11_locked_counter.Counter, e07_gate_lock.Pair

MODELS: dict[str, Model] = {
    "p01_counter": Model(Bare, [Bare.add] * 2, lambda c: c.n == 2),
    "p02_pop_if_any": Model(lambda: Stack(["only"]), [Stack.take] * 2),
    "p03_lazy_singleton": Model(
        singleton, [get_singleton] * 2, lambda service: service.got[0] is service.got[1]
    ),
    "p04_dict_iterated": Model(Rooms, [Rooms.count, Rooms.open]),
    "p05_global": Model(reset_total, [add_total] * 2, lambda _: p05_global.total == 2),
    "p06_nonlocal": Model(
        p06_nonlocal.make_counter, [lambda pair: pair[0]()] * 2, lambda pair: pair[1]() == 2
    ),
    "p07_module_cache": Model(
        empty_cache, [get_cached] * 2, lambda _: p07_module_cache.MADE == ["k"]
    ),
    "p08_abba": Model(p08_abba.Pair, [p08_abba.Pair.forwards, p08_abba.Pair.backwards]),
    "p09_three_locks": Model(
        p09_three_locks.Table, [lambda table, seat=seat: table.eat(seat) for seat in range(3)]
    ),
    "p10_lost_wakeup": Model(Gate, [Gate.pass_through, Gate.unlock]),
    "p11_locked_counter": Model(Safe, [Safe.add] * 2, lambda c: c.n == 2),
    "p12_queue_handoff": Model(Pipe, [Pipe.produce, Pipe.consume], lambda pipe: len(pipe.got) == 2),
    "p13_joined_between": Model(
        p13_joined_between.Counter, [one_after_the_other], lambda c: c.n == 3
    ),
    "p14_event_publication": Model(Box, [Box.use, Box.fill], lambda box: box.value == 42),
    "e01_barrier": Model(
        Phases, [Phases.work_left, Phases.work_right], lambda phases: phases.sums == [3, 3]
    ),
    "e02_future": Model(e02_future.Report, [submit_and_use], lambda report: report.lines == 2),
    "e03_semaphore_handoff": Model(Slot, [Slot.use, Slot.fill], lambda slot: slot.value == 2),
    "e04_condition": Model(Sure, [Sure.pass_through, Sure.unlock], lambda gate: gate.passed == 1),
    "e05_simple_queue": Model(
        Line, [Line.consume, Line.produce], lambda pipe: pipe.got == [[1, 2]]
    ),
    "e06_locked_twice": Model(
        e06_locked_twice.Account, [deposit] * 2, lambda account: account.balance == 20
    ),
    "e07_gate_lock": Model(Gated, [Gated.forwards, Gated.backwards]),
}
