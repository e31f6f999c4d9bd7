"""Uses of locks by identity, wake-ups by identity, and which calls may raise."""

from __future__ import annotations

import pytest

from racecheck.analyses import waits, wakeups
from racecheck.analyses.raising import may_raise
from racecheck.analyses.suite import Study
from racecheck.catalog import load
from racecheck.facts.read import read
from racecheck.program import link
from racecheck.program.model import Link


def study(source: str) -> Study:
    models = load.models()
    program = link.build({"m.py": read(source.encode())}, models, ".")
    return Study(program, models, load.rulebook())


HEAD = "import threading, queue\nfrom concurrent.futures import Future\n"


def test_a_condition_over_a_lock_is_that_lock_and_still_a_condition() -> None:
    sync = study(
        HEAD
        + "a = threading.Lock()\nc = threading.Condition(a)\n"
        + "def f():\n    a.acquire()\n    c.notify()\n    a.release()\n"
    ).sync
    uses = [use for found in sync.of.values() for use in found]
    assert [(use.method, use.kind, use.lock.id) for use in uses] == [
        ("acquire", "lock", "m.a"),
        ("notify", "condition", "m.a"),
        ("release", "lock", "m.a"),
    ]
    assert sync.held_at(uses[1].function, uses[1].call.ctx, uses[1].lock)


@pytest.mark.parametrize(
    ("body", "spans"),
    [
        ("    a.acquire()\n    a.release()\n", False),
        ("    a.release()\n", True),
        ("    a.acquire()\n    a.release()\n    a.release()\n", True),
        (
            "    a.acquire()\n    if x():\n        a.release()\n        return\n    a.release()\n",
            False,
        ),
        ("    with a:\n        a.release()\n        x()\n        a.acquire()\n", False),
    ],
    ids=["balanced", "release only", "twice", "one of two branches", "stepping out"],
)
def test_a_release_of_what_is_not_held_spans_functions(body: str, spans: bool) -> None:
    sync = study(f"{HEAD}a = threading.Lock()\ndef f():\n{body}").sync
    assert ("m.a" in sync.protocols) is spans


@pytest.mark.parametrize(
    ("call", "timed"),
    [
        ("c.wait()", False),
        ("c.wait(None)", False),
        ("c.wait(timeout=None)", False),
        ("c.wait(2)", True),
        ("c.wait(timeout=limit)", True),
    ],
)
def test_what_ends_a_wait(call: str, timed: bool) -> None:
    sync = study(
        f"{HEAD}c = threading.Condition()\ndef f(limit):\n    with c:\n        {call}\n"
    ).sync
    (use,) = sync.uses(frozenset({"wait"}))
    assert waits.is_timed(use.call) is timed


def test_signals_know_their_event_queue_future_and_condition() -> None:
    made = study(
        HEAD
        + "class A:\n"
        + "    def __init__(self):\n"
        + "        self.e = threading.Event()\n        self.q = queue.Queue()\n"
        + "        self.f = Future()\n        self.c = threading.Condition()\n"
        + "    def send(self):\n"
        + "        self.e.set()\n        self.q.put(1)\n        self.f.set_result(1)\n"
        + "        with self.c:\n            self.c.notify()\n"
        + "    def take(self):\n"
        + "        self.e.wait()\n        self.q.get()\n        self.f.result()\n"
        + "        with self.c:\n            self.c.wait()\n"
    )
    found = made.signals
    sent = {signal.key for signal in found if signal.sends}
    awaited = {signal.key for signal in found if not signal.sends}
    assert len(sent) == 4
    assert sent == awaited
    assert all(wakeups.is_endless(signal) for signal in found if not signal.sends)


def links(source: str) -> dict[str, Link]:
    function = study(source).program.functions["m:f"]
    return {link.call.path: link for link in function.calls}


def test_which_calls_may_raise() -> None:
    found = links(
        HEAD
        + "def calm():\n    return 1\n"
        + "def deep():\n    refuse()\n"
        + "def caught():\n    try:\n        refuse()\n    except Exception:\n        pass\n"
        + "def refuse():\n    raise ValueError\n"
        + "def f(rows, job):\n"
        + "    rows.append(1)\n    len(rows)\n    calm()\n    caught()\n"
        + "    refuse()\n    deep()\n    job()\n    open('x')\n"
    )
    raising = {path for path, link in found.items() if may_raise(link)}
    assert raising == {"refuse", "deep", "job", "open"}
