"""All backends tell the same sites of a program, one by one (findings: tests/runtime/test_zoo)."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from racecheck.runtime import deliver
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.scope import Scope
from racecheck.runtime.threads import threads
from tests.testing.handmade import spawn

OTHERS = ["rewrite", *(["monitoring"] if sys.version_info >= (3, 12) else [])]

START = """
import threading
class C:
    def __init__(self):
        self.n = 0
        self.items = [1, 2]
        self.table = {}
        self.next = None
    def get(self, *_):
        return self.items
    def boom(self):
        raise ValueError
"""
END = """
def main(spawn):
    start = threading.Event()
    join = spawn(start.wait)
    c = C()
    try:
        program(c, threading.Lock())
    finally:
        start.set()
        join()
"""

PROGRAMS = {
    "straight": """
        def program(c, lock):
            c.n += 1
            c.n = c.n + len(c.items)
            c.items.append(c.n)
            c.table["k"] = c.table.get("k", 0) + 1
    """,
    "calls": """
        def program(c, lock):
            c.n = c.get() and c.n
            x = c.get(c.n, c.get(c.items))
            c.items[0] = c.get()[0]
            c.n += x is None
            return c.get(c.n)
    """,
    "several lines": """
        def program(c, lock):
            c.n = (
                c.n
                + len(c.get())
            )
            c.get(
                c.n,
                c.items,
            ).append(
                c.n
            )
            x = [
                one
                for one in c.items
            ]
            c.items = x
    """,
    "with": """
        def program(c, lock):
            with lock:
                c.n += 1
                c.get().append(c.n)
            with lock:
                c.n = len(c.get())
            c.n = 2
    """,
    "loops": """
        def program(c, lock):
            for one in c.items:
                c.n += one
            for one in list(c.get()):
                c.n = c.n + len(c.get())
                if one == 1:
                    continue
                c.n = 0
            while c.n < 3:
                c.n += 1
            while c.get() and c.items:
                c.items.pop()
            else:
                c.n = 1
            for c.n in c.get():
                c.table[1] = c.n
    """,
    "branches": """
        def program(c, lock):
            if c.n:
                c.n = 1
            elif c.get() and c.items:
                c.n = len(c.items)
            else:
                c.n = 3
            if "k" not in c.table:
                c.table["k"] = c.get()
            assert c.get(), (
                c.n
            )
            match c.n:
                case 2:
                    c.n = 4
                case _:
                    c.n = 5
    """,
    "exceptions": """
        def program(c, lock):
            try:
                c.n = c.boom()
            except ValueError:
                c.n = 1
            finally:
                c.n += 1
            try:
                c.n = len(c.get())
            finally:
                c.n += 1
            try:
                try:
                    c.n = c.boom()
                finally:
                    c.n = 7
            except ValueError:
                pass
            try:
                return c.get(c.items)
            finally:
                c.n = 8
    """,
    "functions inside": """
        def program(c, lock):
            count = 0
            def add():
                nonlocal count
                count += 1
                c.n += count
                return c.n
            add()
            c.n = add()
            count = count + add()
    """,
    "globals": """
        total = 0
        cache = {}
        def add():
            global total
            total += 1
            if "x" not in cache:
                cache["x"] = total
            return total
        def program(c, lock):
            global total
            add()
            c.n = total
            total = total + add()
    """,
    "generators": """
        def numbers(c):
            while c.n < 2:
                c.n += 1
                got = yield c.n
                c.n = (yield c.n) or c.n + 1
        def program(c, lock):
            for one in numbers(c):
                c.items.append(one)
            running = numbers(c)
            c.n = 0
            next(running)
            running.close()
    """,
    "coroutines": """
        import asyncio
        async def work(c):
            c.n = c.n + len(await asyncio.sleep(0, "ab"))
            async with asyncio.Lock():
                c.n += 1
            await asyncio.sleep(0)
            return c.n
        def program(c, lock):
            asyncio.run(work(c))
    """,
    "paths": """
        def program(c, lock):
            c.next = C()
            c.next.n += 1
            c.next.next = c
            c.next.next.n = len(c.get())
            other = c.next
            other.n = c.n
            c = other.next
            c.n += 1
            del c.next
    """,
    "recursion": """
        def down(c, depth):
            c.n += 1
            if depth:
                down(c, depth - 1)
                c.n = c.n + down(c, 0)
            return c.n
        def program(c, lock):
            down(c, 2)
    """,
}


def told(
    backend: str, folder: Path, source: str, notes: bool
) -> Iterator[tuple[str, int, bool, str]]:
    """What a backend tells, once for each epoch. The sites are those of the analysis."""
    found: dict[tuple[str, int, bool, str], None] = {}

    def record(thread: Any, site: Any, values: Any, stack: Any, key: Any) -> None:
        for access in site.accesses:
            what = f"{access.text} {access.what.value} {access.mode.value} {access.role.value}"
            found[site.function, access.line, site.after, what] = None
        thread.seen.add(key)

    name = f"program_{abs(hash((backend, source, notes)))}"
    (folder / f"{name}.py").write_text(source, "utf-8")
    made = importlib.import_module(f"racecheck.runtime.backends.{backend}").Backend()
    threads.on_gate.clear()
    threads.on_fork.clear()
    threads.reset()
    before, deliver.sink.record = deliver.sink.record, record
    sys.path.insert(0, str(folder))
    try:
        made.start(Scope((str(folder),)), RuntimeOptions(notes=notes))
        try:
            importlib.import_module(name).main(spawn)
        finally:
            made.stop()
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(name, None)
        deliver.sink.record = before
        threads.reset()
    yield from found


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("notes", [True, False], ids=["notes", "errors"])
def test_same_sites(tmp_path: Path, other: str, name: str, notes: bool) -> None:
    source = START + textwrap.dedent(PROGRAMS[name]) + END
    hooks.failures.clear()
    reference = sorted(told("settrace", tmp_path, source, notes))
    assert reference
    assert sorted(told(other, tmp_path, source, notes)) == reference
    assert hooks.failures == []
