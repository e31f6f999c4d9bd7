"""The program behaves as without us: results, exceptions, tracebacks, finalizers, the end."""

from __future__ import annotations

import textwrap
import traceback
from typing import Any

import pytest

from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from tests.testing.handmade import Watch

START = """
import threading, weakref, sys, signal, os, gc
class C: n = 0
def main():
    start = threading.Event()
    join = spawn(start.wait)
    try:
        return program(C())
    finally:
        start.set()
        join()
"""

PROGRAMS = {
    "objects die when they did": """
        def program(c):
            one = C()
            reference = weakref.ref(one)
            one.n += 1  # before: one.n
            del one
            c.n += 1  # before: c.n
            return reference() is None
    """,
    "objects die in the order they did": """
        gone = []
        class D(C):
            def __del__(self): gone.append(self.name)
        def program(c):
            for name in "abc":
                one = D()  # after: c.n
                one.name = name  # before: one.n
                gone.append(name.upper())  # before: one.n
            return gone
    """,
    "a snapshot of locals": """
        def program(c):
            value = 1
            mine = locals()
            value = c.n  # before: c.n
            c.n += 1  # before: c.n
            return mine["value"], sorted(locals())
    """,
    "a closure under a lock": """
        def program(c):
            count = 0
            lock = threading.Lock()
            def work():
                nonlocal count
                for _ in range(300):
                    with lock:
                        count += 1  # before: [cell] count
                        c.n = count  # before: c.n
            joins = [spawn(work) for _ in range(3)]
            for join in joins:
                join()
            return count, c.n
    """,
    "an exception and its traceback": """
        def inner(c):
            c.n += 1  # before: c.n
            c.n = c.boom(  # after: c.n
                1,
            )
        def program(c):
            try:
                inner(c)  # before: c.n
            finally:
                c.n += 1  # before: c.n
    """,
    "exceptions chained and grouped": """
        def program(c):
            try:
                c.n = {}["x"]  # before: c.n
            except KeyError as error:
                c.n += 1  # before: c.n
                raise ExceptionGroup("several", [error, ValueError(c.n)]) from error
    """,
    "recursion comes to an end": """
        def down(c, depth):
            c.n = depth  # before: c.n
            down(c, depth + 1)  # after: c.n
        def program(c):
            try:
                down(c, 0)
            except RecursionError as error:
                return type(error), c.n > 500
    """,
    "a generator that is closed": """
        def numbers(c, said):
            try:
                while True:
                    c.n += 1  # before: c.n
                    got = yield c.n  # after: c.n
                    said.append(got)
            finally:
                said.append("closed")  # before: c.n
        def program(c):
            said = []
            running = numbers(c, said)
            next(running), running.send("a")
            running.close()
            again = numbers(c, said)
            next(again)
            try:
                again.throw(ValueError("x"))
            except ValueError as error:
                said.append(error.args)
            return said
    """,
    "exit from a thread": """
        def work(c):
            c.n += 1  # before: c.n
            sys.exit(3)
        def program(c):
            spawn(lambda: work(c))()
            return c.n
    """,
    "a keyboard interrupt": """
        def program(c):
            try:
                c.n += 1  # before: c.n
                signal.raise_signal(signal.SIGINT)
                c.n += 1  # before: c.n
            except KeyboardInterrupt:
                c.n += 10  # before: c.n
            c.n += 100  # before: c.n
            return c.n
    """,
    "code out of a text": """
        def program(c):
            space = {"c": c}
            exec("def f():\\n    c.n += 1\\n    return c.n\\nx = f()", space)
            c.n += 1  # before: c.n
            return space["x"], eval("c.n", space)
    """,
    "properties are asked once": """
        class P:
            asked = 0
            @property
            def inner(self):
                self.asked += 1
                return self
            def __getattr__(self, name):
                raise AttributeError(name)
            def __eq__(self, other): raise TypeError
            def __repr__(self): raise TypeError
            __hash__ = None
        def program(c):
            p = P()
            p.inner.n = 1  # before: p.inner.n, after: p.inner.n
            return p.asked
    """,
    "a trace function of its own": """
        def program(c):
            before = sys.gettrace()
            seen = []
            sys.settrace(lambda frame, event, arg: seen.append(event))
            len([])
            (lambda: c.n)()
            sys.settrace(before)
            c.n += 1  # before: c.n
            return seen
    """,
    "a forked child": """
        def program(c):
            c.n += 1  # before: c.n
            child = os.fork()
            if child == 0:
                forked()
                c.n += 1  # before: c.n
                os._exit(20 + c.n + 10 * (sys.gettrace() is not None))
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    """,
}


def outcome(space: dict[str, Any]) -> tuple[Any, ...]:
    """What came of `main`, with the lines of the traceback inside the program."""
    try:
        return "returned", space["main"]()
    except Exception as error:
        found = traceback.extract_tb(error.__traceback__)
        lines = [(frame.name, frame.lineno) for frame in found if "program" in frame.filename]
        return type(error), str(error), lines, repr(error.__cause__)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_same_as_without(watch: Watch, backend: Any, name: str) -> None:
    source = START + textwrap.dedent(PROGRAMS[name])
    expected = outcome(watch.load(source))
    space = watch.load(source)
    watch.told.keeps = False
    watch.start(backend, RuntimeOptions())
    try:
        found = outcome(space)
    finally:
        watch.stop()
    assert found == expected
    assert hooks.failures == []
    assert watch.told.events or "text" in name
