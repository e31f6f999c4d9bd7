"""Ask in which order two threads come, by their clocks; nothing here makes an order of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from racecheck.runtime import pristine
from racecheck.runtime.threads import current

Moment = tuple[int, int]
Step = Callable[[], Any]


def now() -> Moment:
    """This moment of the calling thread."""
    state = current()
    return state.slot, state.clock


def knows(moment: Moment) -> bool:
    """Whether `moment` happens before what the calling thread does now."""
    return current().knows(*moment)


class Signal:
    """Lets one thread go on after another, without our knowing."""

    def __init__(self) -> None:
        lock = pristine.allocate_lock()
        lock.acquire()
        # Why its methods: a session that starts later would swap the lock itself.
        self._acquire, self.give, self._locked = lock.acquire, lock.release, lock.locked

    def take(self) -> None:
        assert self._acquire(True, 20), "the other thread never came"
        self.give()

    def given(self) -> bool:
        return not self._locked()


def run(*bodies: Step) -> None:
    """Run each in a thread of its own, all at once; their failures are ours."""
    failures: list[BaseException] = []

    def guarded(body: Step) -> None:
        try:
            body()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(body,), daemon=True) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a thread hangs"
    if failures:
        raise failures[0]


def orders(first: Step, second: Step) -> bool:
    """Whether what comes before `first` happens before what comes after `second`.

    They run one after the other, in two threads that know nothing of each other.
    """
    done, moments, found = Signal(), list[Moment](), list[bool]()

    def one() -> None:
        moments.append(now())
        first()
        done.give()

    def two() -> None:
        done.take()
        second()
        found.append(knows(moments[0]))

    run(one, two)
    return found[0]


def meets(waiting: Step, waking: Step, blocked: Callable[[], bool]) -> bool:
    """The same where the second is blocked first; `waking` is called once `blocked()` is true."""
    moments, found = list[Moment](), list[bool]()

    def one() -> None:
        while not blocked():
            pristine.sleep(0.001)
        moments.append(now())
        waking()

    def two() -> None:
        waiting()
        found.append(knows(moments[0]))

    run(one, two)
    return found[0]
