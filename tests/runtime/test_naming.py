"""What locks are called in reports."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest

from racecheck.runtime import naming, pristine
from racecheck.runtime.locks import Lock
from racecheck.runtime.reentrant import RLock
from racecheck.runtime.stacks import capture

GLOBAL = Lock()


class Ledger:
    """Locks in all the places a class can have them."""

    shared = Lock()

    def __init__(self) -> None:
        self._lock = Lock()
        self._first, self._second = Lock(), RLock()
        self.noted: Any = Lock()
        self.by_key = {"a": None}
        self.by_key["a"] = Lock()
        self.stripes = [Lock() for _ in range(2)]
        self.pool: list[Any] = []
        self.pool.append(Lock())
        self.late = defaultdict(Lock)
        self.made = factory()
        self.through = (lambda: Lock())()


class Account(Ledger):
    """A subclass: the lock is that of the class that made it."""


@dataclass
class Record:
    """A generated `__init__`."""

    _lock: Any = field(default_factory=Lock)


def factory() -> Any:
    """A lock that the caller names."""
    return Lock()


def local() -> Any:
    """A lock of a function."""
    mine = Lock()
    assert not mine.locked()
    return mine


LEDGER = Ledger()


@pytest.mark.parametrize(
    ("lock", "name"),
    [
        (GLOBAL, "GLOBAL"),
        (Ledger.shared, "Ledger.shared"),
        (LEDGER._lock, "Ledger._lock"),
        (LEDGER._first, "Ledger._first"),
        (LEDGER._second, "Ledger._second"),
        (LEDGER.noted, "Ledger.noted"),
        (LEDGER.by_key["a"], "Ledger.by_key['a']"),
        (LEDGER.stripes[1], "Ledger.stripes"),
        (LEDGER.pool[0], "Ledger.pool[*]"),
        (LEDGER.made, "Ledger.made"),
        (LEDGER.through, "Ledger.through"),
        (Account()._lock, "Ledger._lock"),
        (Record()._lock, "_lock"),
        (local(), "local.mine"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_lock_is_called_what_it_is_assigned_to(lock: Any, name: str) -> None:
    assert naming.lock_name(lock) == name


def test_a_lock_without_a_name_has_a_place() -> None:
    assert naming.lock_name(LEDGER.late["x"]).startswith("the Lock made at ")


def test_what_a_method_returns_is_not_the_lock() -> None:
    taken = Lock().__enter__()
    kept = Lock().locked
    assert taken is not None
    assert naming.lock_name(kept.__self__).startswith("the Lock made at ")


def test_locks_of_two_objects_are_alike() -> None:
    one, other = Ledger(), Ledger()
    assert naming.birth(one._lock.made).key == naming.birth(other._lock.made).key
    assert naming.birth(one._lock.made).key != naming.birth(one._first.made).key
    assert naming.birth(one._first.made).key != naming.birth(one._second.made).key
    assert naming.birth(Record()._lock.made).key == naming.birth(Record()._lock.made).key


def test_code_without_source_tells_the_name_of_the_variable() -> None:
    space: dict[str, Any] = {"Lock": Lock}
    exec("guard = Lock()", space)
    assert naming.lock_name(space["guard"]) == "guard"


def test_a_lock_that_nobody_saw_being_made() -> None:
    assert naming.lock_name(Lock.around(threading.Lock())) == "a Lock"


def test_a_spot_has_the_text_of_the_lock() -> None:
    class Taking:
        def __enter__(self) -> naming.Spot:
            return naming.spot(capture(pristine.getframe(1)))

        def __exit__(self, *_: object) -> None: ...

        def acquire(self) -> naming.Spot:
            return naming.spot(capture(pristine.getframe(1)))

    taking = Taking()
    with taking as spot:
        assert (spot.place.mark, spot.function.rpartition(".")[2]) == (
            "taking",
            "test_a_spot_has_the_text_of_the_lock",
        )
    assert taking.acquire().place.mark == "taking"


def test_lists_of_names() -> None:
    assert naming.listed(["a"]) == "`a`"
    assert naming.listed(["a", "b", "c"]) == "`a`, `b` and `c`"
