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
