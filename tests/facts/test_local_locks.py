"""Facts about local locks and about `yield from`, which the lock rules rest on."""

from __future__ import annotations

from racecheck.facts.read import read
from racecheck.facts.schema import Function


def function(source: str, name: str) -> Function:
    return next(f for f in read(source.encode()).functions if f.name == name)


def test_all_uses_of_a_local_that_is_taken_as_a_lock_are_kept():
    facts = function(
        "import threading\n"
        "def f(pool):\n"
        "    lock = threading.Lock()\n"
        "    with lock:\n"
        "        pool.put([lock])\n"
        "    lock.acquire()\n"
        "    return lock\n",
        "f",
    )
    uses = [(a.kind, a.via) for a in facts.accesses if a.path == "lock"]
    assert uses == [
        ("write", "="),
        ("read", "with"),
        ("read", ""),
        ("read", ".acquire()"),
        ("read", "return"),
    ]


def test_other_locals_are_still_dropped():
    facts = function("def f(pool):\n    row = pool.get()\n    pool.put(row)\n", "f")
    assert [a.kind for a in facts.accesses if a.path == "row"] == ["write"]


def test_yield_from_differs_from_yield():
    facts = function("def f(rows):\n    yield from rows\n    yield rows\n", "f")
    kinds = [p.value.kind for p in facts.points if p.kind == "yield" and p.value]
    assert kinds == ["from", "path"]
