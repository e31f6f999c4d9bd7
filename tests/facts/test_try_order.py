"""The parts of a `try` are walked in the order of their lines, with the flow that reaches each."""

from __future__ import annotations

from racecheck.facts.read import read
from racecheck.facts.schema import Function

SOURCE = """\
def f(lock):
    try:
        a()
        lock.acquire()
    except E:
        b()
        b2()
        return
    else:
        c()
    finally:
        d()
    e()
"""


def function() -> Function:
    return next(f for f in read(SOURCE.encode()).functions if f.name == "f")


def test_lines_and_order() -> None:
    calls = [(call.path, call.line) for call in function().calls]
    assert calls == [
        ("a", 3), ("lock.acquire", 4), ("b", 6), ("b2", 7), ("c", 10), ("d", 12), ("e", 13),
    ]  # fmt: skip


def test_the_else_part_goes_on_from_the_end_of_the_body() -> None:
    facts = function()
    held = {call.path: bool(facts.contexts[call.ctx].held) for call in facts.calls}
    assert held == {
        "a": False, "lock.acquire": False, "b": False, "b2": False, "c": True, "d": True, "e": True,
    }  # fmt: skip


def held_at(source: str, path: str) -> tuple[bool, list[tuple[str, tuple[int, ...]]]]:
    """Is anything held at the call of `path`, and what the ends of the function leave loose."""
    facts = next(f for f in read(source.encode()).functions if f.name == "f")
    call = next(c for c in facts.calls if c.path == path)
    loose = [(p.kind, p.loose) for p in facts.points if p.kind in ("return", "fall")]
    return bool(facts.contexts[call.ctx].held), loose


def test_break_leaves_the_with_blocks_of_the_loop() -> None:
    source = """\
def f():
    while True:
        with lock:
            if x():
                break
    after()
"""
    assert held_at(source, "after")[0] is False


def test_break_runs_the_finally_blocks_of_the_loop() -> None:
    source = """\
def f():
    while True:
        lock.acquire()
        try:
            if x():
                break
        finally:
            lock.release()
    after()
"""
    assert held_at(source, "after") == (False, [("fall", ())])


def test_break_keeps_what_is_held_around_the_loop_or_taken_by_hand() -> None:
    around = """\
def f():
    with lock:
        for _ in range(3):
            break
        after()
"""
    by_hand = """\
def f():
    while True:
        lock.acquire()
        if x():
            break
        lock.release()
    after()
    lock.release()
"""
    assert held_at(around, "after")[0] is True
    assert held_at(by_hand, "after") == (True, [("fall", ())])


def test_a_wake_up_that_no_exit_has_done_is_still_seen() -> None:
    source = """\
def f():
    try:
        x()
        ready.set()
    except E:
        pass
"""
    facts = next(f for f in read(source.encode()).functions if f.name == "f")
    assert [(p.kind, p.done) for p in facts.points] == [("throw", ()), ("fall", ())]
