"""Sites are told at their moment, once, and only if their statement really ran."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.testing.handmade import Told

Run = Callable[[str], Told]


def test_nothing_before_a_second_thread(told: Run) -> None:
    assert (
        told("""
        class C: n = 0
        def add(c):
            c.n += 1  # before: c.n
        def main():
            add(C())
    """).events
        == []
    )


def test_thread_and_live_frames(told: Run) -> None:
    found = told("""
        class C: n = 0
        def add(c):
            c.n += 1  # before: c.n
        def outer(c, later):
            later()
            c.n += 1  # before: c.n
        def main():
            c = C()
            joins = []
            def later():
                joins.append(spawn(lambda: add(c)))
                c.n += 1  # before: c.n
            outer(c, later)
            c.n += 1  # before: c.n
            joins[0]()
            c.n += 1  # before: c.n
    """)
    assert sorted(found.events) == [
        ("add", 3, "before", "c.n"),
        ("later", 12, "before", "c.n"),
        ("main", 14, "before", "c.n"),
        ("outer", 6, "before", "c.n"),
    ]


STATEMENTS = """
class C:
    n = 0
    def get(self, *_):
        return 1
    def boom(self):
        raise ValueError
def body(c, lock, items):
    {body}
def main():
    import threading
    c = C()
    start = threading.Event()
    join = spawn(start.wait)
    try:
        body(c, threading.Lock(), [1, 2])
    finally:
        start.set()
        join()
"""


def lines_of(told: Run, body: str) -> list[tuple[int, str]]:
    """Events of a body; its first line is 1."""
    text = STATEMENTS.replace("{body}", body.strip("\n").replace("\n", "\n    "))
    return [(line - 7, when) for line, when in told(text).lines]


CASES: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "before": ("c.n += 1  # before: c.n", [(1, "before")]),
    "after": ("c.n = c.get()  # after: c.n\nx = 1", [(1, "after")]),
    "after, last in the function": ("c.n = c.get()  # after: c.n", [(1, "after")]),
    "after, returned": ("return c.get(c.n)  # after: c.n", [(1, "after")]),
    "both": (
        "c.n = c.get() + c.n  # before: c.n, after: c.n\nc.get()  # before: c.n",
        [(1, "before"), (1, "after"), (2, "before")],
    ),
    "several lines": (
        "c.n = c.get(\n    c.n,\n    c.get(\n        1),\n)  # before: c.n, after: c.n\nx = 1",
        [(1, "before"), (1, "after")],
    ),
    "first line is not the first": (
        "c.n = (\n    1\n    + c.get()  # before: c.n, after: c.n\n)\nx = 1",
        [(1, "before"), (1, "after")],
    ),
    "a with is entered once": (
        "with lock:  # before: c.n, after: c.n\n    x = 1\nx = 2",
        [(1, "before"), (1, "after")],
    ),
    "with: the last of its body comes before its end": (
        "with lock:\n    c.n = c.get()  # after: c.n\nc.n = 2  # before: c.n",
        [(2, "after"), (3, "before")],
    ),
    "return out of a with": (
        "with lock:\n    return c.get()  # after: c.n",
        [(2, "after")],
    ),
    "return with a finally": (
        "try:\n    return c.get()  # after: c.n\nfinally:\n    c.n = 1  # before: c.n",
        [(2, "after"), (4, "before")],
    ),
    "raised": (
        "try:\n    c.n = c.boom()  # after: c.n\nexcept ValueError:\n    x = 1\nx = 2",
        [],
    ),
    "raised, and handled by a with": (
        "import contextlib\nwith contextlib.suppress(ValueError):\n"
        "    c.n = c.boom()  # after: c.n\nx = 2",
        [],
    ),
    "raised in a finally": (
        "try:\n    try:\n        c.n = c.boom()  # after: c.n\n    finally:\n"
        "        c.n = 1  # before: c.n\nexcept ValueError:\n    pass\nx = 1",
        [(5, "before")],
    ),
    "handler": (
        "try:\n    c.boom()\nexcept ValueError:\n    c.n = 1  # before: c.n",
        [(4, "before")],
    ),
    "not bound": ("if not items:\n    y = 1\ny = c  # before: y.n", []),
    "if": ("if c.n:  # before: c.n\n    x = 1\nelif c.get():\n    x = 2", [(1, "before")]),
    "lambda": ("f = lambda: c.n\nf()", []),
    "comprehension": (
        "x = [\n    c.get()\n    for _ in items\n]  # before: c.n, after: c.n\nx = 1",
        [(1, "before"), (1, "after")],
    ),
    "assert": (
        "assert c.get(), (\n    'no'\n)  # before: c.n, after: c.n",
        [(1, "before"), (1, "after")],
    ),
    "match": (
        "match c.get():  # before: c.n, after: c.n\n    case 1:\n        x = 1",
        [(1, "before"), (1, "after")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_moment(told: Run, name: str) -> None:
    body, expected = CASES[name]
    assert lines_of(told, body) == expected


COROUTINE = """
import asyncio
async def f():
    await asyncio.sleep(0, c)  # after: c.n
asyncio.run(f())
"""
ASYNC = """
import asyncio
class A:
    async def __aenter__(self): return self
    async def __aexit__(self, *_): pass
    def __aiter__(self): return self
    async def __anext__(self):
        if not items: raise StopAsyncIteration
        return items.pop()
async def f():
    async with A() as a, A() as c.a:  # before: c.n, after: c.n
        async for c.x in a:  # before: c.n, after: c.n
            pass
asyncio.run(f())
"""
LOOPS: dict[str, tuple[str, int]] = {
    "for: its header once": ("for x in c.get() and items:  # before: c.n\n    c.get()", 1),
    "for: header of several lines": (
        "for x in (\n    c.get(), 2\n):  # before: c.n\n    c.get()",
        1,
    ),
    "for: told after, once": ("for x in c.get() and items:  # after: c.n\n    c.get()\nx = 1", 1),
    "for: body each time": ("for x in items:\n    c.n += 1  # before: c.n", 2),
    "for: body told after, each time": ("for x in items:\n    c.n = c.get()  # after: c.n", 2),
    "for: skipped by continue": (
        "for x in items:\n    if x == 1:\n        continue\n    c.n = c.get()  # after: c.n",
        1,
    ),
    "while: the test each time": ("while items:  # before: c.n\n    items.pop()", 3),
    "generator": (
        "def g():\n    yield c  # after: c.n\n    yield c  # after: c.n\nlist(g())\nlist(g())",
        4,
    ),
    "generator that is left": (
        "def g():\n    yield c.get()  # after: c.n\nfor x in g():\n    break",
        0,
    ),
    "coroutine": (COROUTINE, 1),
    "async for and async with": (ASYNC, 4),
    "recursion": (
        "def f(n):\n    c.n = n and f(n - 1)  # before: c.n, after: c.n\nf(3)",
        8,
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_how_often(told: Run, name: str) -> None:
    body, expected = LOOPS[name]
    assert len(lines_of(told, body)) == expected


def test_objects_are_those_of_the_frame(told: Run) -> None:
    found = told("""
        class C: n = 0
        one, two = C(), C()
        total = 0
        def body(c, argument):
            count = 0
            def inner():
                nonlocal count
                count += 1  # before: [cell] count
                c.n += 1  # before: c.n
            inner()
            count += 1  # before: [cell] count
            def reads(): return argument
            argument.n += 1  # before: argument.n
            global total
            total += 1  # before: [module] total
            one.n += 1  # before: one.n
            return inner
        def main():
            import threading
            start = threading.Event()
            join = spawn(start.wait)
            inner = body(one, two)
            global cells
            cells = dict(zip(inner.__code__.co_freevars, inner.__closure__))
            start.set()
            join()
    """)
    count, captured, again, argument, module, global_ = found.values
    assert type(count).__name__ == "cell" and count is again and count.cell_contents == 2
    assert captured is module["one"] is global_
    assert argument is module["two"]
    assert module["cells"]["count"] is count


@pytest.mark.skipif(sys.version_info < (3, 12), reason="comprehensions have frames of their own")
def test_comprehension_that_borrows_a_slot(told: Run) -> None:
    found = told("""
        class C: n = 0
        def body(c):
            x = c
            y = [lambda: x for x in range(3)]
            x.n += 1  # before: x.n
        def main():
            import threading
            start = threading.Event()
            join = spawn(start.wait)
            body(C())
            start.set()
            join()
    """)
    assert [type(value).__name__ for value in found.values] == ["C"]
