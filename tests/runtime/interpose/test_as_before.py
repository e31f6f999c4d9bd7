"""What the program sees of the primitives is the same with and without us, misuse above all."""

from __future__ import annotations

import _thread
import asyncio
import concurrent.futures
import copy
import inspect
import multiprocessing.pool
import multiprocessing.queues
import multiprocessing.synchronize
import pickle
import queue
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import Session

Case = Callable[[], Any]


def cases() -> Iterator[tuple[str, Case]]:
    """Every case makes its own objects, so it uses whatever is in place when it is run."""
    for kind in ("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event"):
        yield from on_any(kind, lambda kind=kind: getattr(threading, kind)())
    for kind in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"):
        yield from on_any(kind, lambda kind=kind: getattr(queue, kind)())
    yield from on_any("Future", concurrent.futures.Future)
    yield from on_any("Thread", lambda: threading.Thread(target=int, name="t"))
    yield from on_any("Timer", lambda: threading.Timer(1, int))
    yield from on_any("Barrier", lambda: threading.Barrier(2))
    for kind in ("Lock", "RLock"):
        yield from on_lock(kind, lambda kind=kind: getattr(threading, kind)())
    yield from on_lock("allocate_lock", lambda: _thread.allocate_lock())
    yield from OTHERS.items()


def on_any(name: str, make: Case) -> Iterator[tuple[str, Case]]:
    yield f"{name} repr", lambda: repr(make())
    yield f"{name} str", lambda: str(make())
    yield f"{name} isinstance", lambda: isinstance(make(), kind_of(name))
    yield f"{name} class", lambda: make().__class__.__name__
    yield f"{name} pickle", lambda: type(pickle.dumps(make()))
    yield f"{name} copy", lambda: type(copy.copy(make())).__name__
    yield f"{name} deepcopy", lambda: type(copy.deepcopy(make())).__name__
    yield f"{name} weakref", lambda: weakref.ref(make())()
    yield f"{name} hash", lambda: type(hash(make()))
    yield f"{name} equal", lambda: make() == make()
    yield f"{name} vars", lambda: sorted(vars(make()))
    yield f"{name} dir", lambda: [n for n in dir(make()) if not n.startswith("_")]
    yield f"{name} new attribute", lambda: setattr(make(), "mine", 1)
    yield f"{name} no attribute", lambda: make().nothing
    yield f"{name} truth", lambda: bool(make())
    yield f"{name} len", lambda: len(make())


def kind_of(name: str) -> Any:
    if name in ("Lock", "RLock"):
        return type(getattr(threading, name)())
    homes: tuple[Any, ...] = (threading, queue, concurrent.futures)
    return next(getattr(home, name) for home in homes if hasattr(home, name))


def on_lock(name: str, make: Case) -> Iterator[tuple[str, Case]]:
    def held(then: Callable[[Any], Any]) -> Case:
        def case() -> Any:
            lock = make()
            lock.acquire()
            return then(lock)

        return case

    yield f"{name} release unlocked", lambda: make().release()
    yield f"{name} exit unlocked", lambda: make().__exit__(None, None, None)
    yield f"{name} acquire", lambda: make().acquire()
    yield f"{name} acquire True", lambda: make().acquire(True)
    yield f"{name} acquire 1", lambda: make().acquire(1)
    yield f"{name} acquire False", lambda: make().acquire(False)
    yield f"{name} acquire blocking", lambda: make().acquire(blocking=True, timeout=1)
    yield f"{name} acquire timeout 0", lambda: make().acquire(timeout=0)
    yield f"{name} acquire None", lambda: make().acquire(None)
    yield f"{name} timeout None", lambda: make().acquire(timeout=None)
    yield f"{name} negative timeout", lambda: make().acquire(timeout=-5)
    yield f"{name} no timeout in a try", lambda: make().acquire(False, 1)
    yield f"{name} no timeout of -2 in a try", lambda: make().acquire(False, -2)
    yield f"{name} endless timeout", lambda: make().acquire(timeout=1e200)
    yield f"{name} text", lambda: make().acquire("x")
    yield f"{name} text as timeout", lambda: make().acquire(True, "x")
    yield f"{name} too many", lambda: make().acquire(1, 2, 3)
    yield f"{name} unknown name", lambda: make().acquire(never=1)
    yield f"{name} held repr", held(repr)
    yield f"{name} held try", held(lambda lock: lock.acquire(False))
    yield f"{name} held timeout", held(lambda lock: lock.acquire(timeout=0.001))
    yield f"{name} held release", held(lambda lock: lock.release())
    yield f"{name} held released twice", held(lambda lock: [lock.release(), lock.release()])
    yield f"{name} with", lambda: make().__enter__()
    yield f"{name} condition repr", lambda: repr(threading.Condition(make()))
    if name != "RLock" or sys.version_info >= (3, 14):
        yield f"{name} locked", lambda: make().locked()
        yield f"{name} held locked", held(lambda lock: lock.locked())


def condition(then: Callable[[threading.Condition], Any], *, held: bool = False) -> Case:
    def case() -> Any:
        made = threading.Condition()
        if held:
            made.acquire()
        return then(made)

    return case


def started(then: Callable[[threading.Thread], Any]) -> Case:
    def case() -> Any:
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        return then(thread)

    return case


def full(then: Callable[[Any], Any]) -> Case:
    def case() -> Any:
        made: queue.Queue[int] = queue.Queue(1)
        made.put(1)
        return then(made)

    return case


def done(then: Callable[[Any], Any]) -> Case:
    def case() -> Any:
        future: concurrent.futures.Future[int] = concurrent.futures.Future()
        future.set_result(1)
        return then(future)

    return case


OTHERS: dict[str, Case] = {
    "Lock argument": lambda: isinstance(threading.Lock(), type(threading.Lock())),
    "Lock subclass": lambda: type("Mine", (type(threading.Lock()),), {}),
    "RLock subclass": lambda: repr(type("Mine", (type(threading.RLock()),), {})())[:15],
    "notify un-acquired": condition(lambda c: c.notify()),
    "notify_all un-acquired": condition(lambda c: c.notify_all()),
    "wait un-acquired": condition(lambda c: c.wait()),
    "wait_for un-acquired": condition(lambda c: c.wait_for(lambda: False)),
    "wait_for true": condition(lambda c: c.wait_for(lambda: 7)),
    "wait timeout": condition(lambda c: c.wait(0.001), held=True),
    "wait timeout 0": condition(lambda c: c.wait(0), held=True),
    "wait negative timeout": condition(lambda c: c.wait(-1), held=True),
    "wait text": condition(lambda c: c.wait("x"), held=True),
    "wait too long": condition(lambda c: c.wait(1e200), held=True),
    "wait_for timeout": condition(lambda c: c.wait_for(lambda: 0, 0.001), held=True),
    "wait too many": condition(lambda c: c.wait(1, 2), held=True),
    "notify nobody": condition(lambda c: c.notify(3), held=True),
    "notify text": condition(lambda c: c.notify("x"), held=True),
    "condition of a text": lambda: threading.Condition("x"),
    "condition release": condition(lambda c: c.release()),
    "event wait 0": lambda: threading.Event().wait(0),
    "event wait negative": lambda: threading.Event().wait(-1),
    "event wait text": lambda: threading.Event().wait("x"),
    "event too many": lambda: threading.Event().wait(1, 2),
    "event set argument": lambda: threading.Event().set(1),
    "semaphore negative": lambda: threading.Semaphore(-1),
    "semaphore text": lambda: threading.Semaphore("x"),
    "semaphore release 0": lambda: threading.Semaphore().release(0),
    "semaphore release text": lambda: threading.Semaphore().release("x"),
    "semaphore try with timeout": lambda: threading.Semaphore().acquire(False, 1),
    "semaphore zero": lambda: threading.Semaphore(0).acquire(False),
    "semaphore zero timeout": lambda: threading.Semaphore(0).acquire(timeout=0.001),
    "semaphore enter": lambda: threading.Semaphore().__enter__(),
    "bounded too often": lambda: threading.BoundedSemaphore().release(),
    "bounded far too often": lambda: threading.BoundedSemaphore(2).release(3),
    "barrier zero": lambda: threading.Barrier(0),
    "barrier text": lambda: threading.Barrier("x"),
    "barrier alone": lambda: threading.Barrier(1).wait(),
    "barrier timeout": lambda: threading.Barrier(2).wait(0.001),
    "barrier timeout of its own": lambda: threading.Barrier(2, timeout=0.001).wait(),
    "barrier bad action": lambda: threading.Barrier(1, lambda: {}[1]).wait(),
    "join current": lambda: threading.current_thread().join(),
    "join early": lambda: threading.Thread().join(),
    "join negative": started(lambda thread: thread.join(-1)),
    "join text": started(lambda thread: thread.join("x")),
    "start twice": started(lambda thread: thread.start()),
    "alive": started(lambda thread: thread.is_alive()),
    "alive early": lambda: threading.Thread().is_alive(),
    "thread repr": started(lambda thread: re.sub(r"\d+", "N", repr(thread))),
    "thread vars": started(lambda thread: sorted(vars(thread))),
    "thread target": lambda: threading.Thread(target=1, args=2),
    "thread without init": lambda: threading.Thread.__new__(threading.Thread).start(),
    "join without init": lambda: threading.Thread.__new__(threading.Thread).join(),
    "timer without function": lambda: threading.Timer(1),
    "low level: not callable": lambda: _thread.start_new_thread(1, ()),
    "low level: no tuple": lambda: _thread.start_new_thread(int, [1]),
    "low level: no dict": lambda: _thread.start_new_thread(int, (), 3),
    "low level: nothing": lambda: _thread.start_new_thread(),
    "full": full(lambda made: made.put(2, block=False)),
    "full put_nowait": full(lambda made: made.put_nowait(2)),
    "full timeout": full(lambda made: made.put(2, timeout=0.001)),
    "full negative": full(lambda made: made.put(2, timeout=-1)),
    "full text": full(lambda made: made.put(2, timeout="x")),
    "full()": full(lambda made: made.full()),
    "empty": lambda: queue.Queue().get(block=False),
    "empty get_nowait": lambda: queue.Queue().get_nowait(),
    "empty timeout": lambda: queue.Queue().get(timeout=0.001),
    "empty negative": lambda: queue.Queue().get(timeout=-1),
    "task_done too often": lambda: queue.Queue().task_done(),
    "join nothing": lambda: queue.Queue().join(),
    "put nothing": lambda: queue.Queue().put(),
    "get too many": lambda: queue.Queue().get(1, 2, 3),
    "priority of no order": lambda: [
        (made := queue.PriorityQueue[Any]()),
        made.put(object()),
        made.put({}),
    ],
    "simple empty": lambda: queue.SimpleQueue().get(False),
    "simple negative": lambda: queue.SimpleQueue().get(timeout=-1),
    "simple text": lambda: queue.SimpleQueue().get(timeout="x"),
    "simple timeout": lambda: queue.SimpleQueue().get(timeout=0.001),
    "simple put": lambda: queue.SimpleQueue().put(1, block=False, timeout=-3),
    "simple put unknown name": lambda: queue.SimpleQueue().put(),
    "simple argument": lambda: queue.SimpleQueue(3),
    "simple alias": lambda: repr(queue.SimpleQueue[int]),
    "result twice": done(lambda future: future.set_result(2)),
    "exception after result": done(lambda future: future.set_exception(KeyError())),
    "cancel late": done(lambda future: future.cancel()),
    "result": done(lambda future: future.result(0)),
    "result timeout": lambda: concurrent.futures.Future().result(0.001),
    "exception timeout": lambda: concurrent.futures.Future().exception(0.001),
    "cancelled result": lambda: [
        (made := concurrent.futures.Future[int]()),
        made.cancel(),
        made.result(),
    ],
    "done repr": done(repr),
    "wait nothing": lambda: concurrent.futures.wait([]),
    "wait for a number": lambda: concurrent.futures.wait(3),
    "wait wrongly": lambda: concurrent.futures.wait([concurrent.futures.Future()], 0, "x"),
    "as_completed nothing": lambda: list(concurrent.futures.as_completed([])),
    "as_completed timeout": lambda: list(
        concurrent.futures.as_completed([concurrent.futures.Future()], 0.001)
    ),
    "as_completed number": lambda: list(concurrent.futures.as_completed(3)),
    "as_completed lazy": lambda: type(concurrent.futures.as_completed(3)).__name__,
    "pool of none": lambda: concurrent.futures.ThreadPoolExecutor(0),
    "pool submit nothing": lambda: concurrent.futures.ThreadPoolExecutor(1).submit(),
    "pool after the end": lambda: [
        (pool := concurrent.futures.ThreadPoolExecutor(1)),
        pool.shutdown(),
        pool.submit(int),
    ],
    "thread pool of none": lambda: multiprocessing.pool.ThreadPool(0),
    "loop closed": lambda: [
        (loop := asyncio.new_event_loop()),
        loop.close(),
        loop.call_soon_threadsafe(int),
    ],
}

PATCHED: list[Any] = [
    *(threading, threading.Thread, threading.Timer, threading.Condition, threading.Event),
    *(threading.Semaphore, threading.BoundedSemaphore, threading.Barrier, _thread),
    *(queue, queue.Queue, queue.LifoQueue, queue.PriorityQueue),
    *(concurrent.futures, concurrent.futures._base, concurrent.futures.Future),
    *(concurrent.futures.ThreadPoolExecutor, concurrent.futures.thread._WorkItem),
    *(multiprocessing.pool, multiprocessing.pool.Pool, multiprocessing.pool.ApplyResult),
    *(multiprocessing.queues.Queue, multiprocessing.synchronize.SemLock),
    asyncio.BaseEventLoop,
]


def outcome(case: Case) -> Any:
    try:
        found = case()
    except BaseException as error:
        found = type(error).__name__, str(error), type(error.__context__), type(error.__cause__)
    text = repr(found).replace("_queue.SimpleQueue", "SimpleQueue")
    return re.sub(r"0x[0-9a-f]+|\b\d{9,}\b|(?<=Thread-)\d+", "N", text)


@pytest.fixture(scope="module")
def without() -> dict[str, Any]:
    assert Session.active is None
    return {name: outcome(case) for name, case in cases()}


@pytest.fixture(scope="module")
def within(without: dict[str, Any]) -> dict[str, Any]:
    session = Session(RuntimeOptions(watch=()))
    session.start()
    try:
        return {name: outcome(case) for name, case in cases()}
    finally:
        session.stop()


@pytest.mark.parametrize("name", [name for name, _ in cases()])
def test_the_outcome_is_the_same(
    name: str, without: dict[str, Any], within: dict[str, Any]
) -> None:
    if name.endswith((" too many", " unknown name")):
        # Why: the wording of the parser of arguments is that of functions written in C.
        assert within[name][:12] == without[name][:12]
    else:
        assert within[name] == without[name]


def test_all_that_is_replaced_is_put_back() -> None:
    # Why tuples: what stands in lists and dictionaries is swapped as well.
    before = tuple(tuple(vars(owner).items()) for owner in PATCHED)
    path = tuple(sys.meta_path)
    session = Session(RuntimeOptions(watch=()))
    session.start()
    try:
        watched = [dict(vars(owner)) for owner in PATCHED]
        unchanged = [new == dict(old) for new, old in zip(watched, before, strict=True)]
        assert sum(unchanged) <= 3  # LifoQueue and the like inherit all of it
    finally:
        session.stop()
    for owner, old in zip(PATCHED, before, strict=True):
        new = dict(vars(owner))
        assert [name for name, value in old if new.pop(name, None) is not value] == []
        assert new == {}
    assert tuple(sys.meta_path) == path


def test_names_imported_meanwhile_are_put_back_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = type(sys)("imported_meanwhile")
    monkeypatch.setitem(sys.modules, "imported_meanwhile", module)
    session = Session(RuntimeOptions(watch=()))
    session.start()
    try:
        module.Lock, module.RLock = threading.Lock, threading.RLock
        module.SimpleQueue, module.wait = queue.SimpleQueue, concurrent.futures.wait
    finally:
        session.stop()
    assert module.Lock is threading.Lock
    assert module.RLock is threading.RLock
    assert module.SimpleQueue is queue.SimpleQueue
    assert module.wait is concurrent.futures.wait


def test_signatures_and_texts_are_the_same() -> None:
    def said() -> dict[str, Any]:
        found = {}
        for owner in filter(inspect.isclass, PATCHED):
            for name, member in list(vars(owner).items()):
                if callable(member) and getattr(member, "__module__", "") == owner.__module__:
                    try:
                        signature = str(inspect.signature(member))
                    except ValueError:
                        signature = ""
                    key = f"{owner.__module__}.{owner.__qualname__}.{name}"
                    found[key] = signature, member.__doc__, member.__qualname__, member.__name__
        return found

    before = said()
    session = Session(RuntimeOptions(watch=()))
    session.start()
    try:
        assert said() == before
    finally:
        session.stop()
