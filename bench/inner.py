"""What one turn of a hot loop costs, in this process: the best of many, so load matters little.

    python bench/inner.py

The loops of `workloads/attributes.py` and of a counter behind locks, plain and rewritten, the gate
open. Beside what we do, what any inserted call has to do in pure Python: be called, find out which
thread it is in, find what is known of the site and the object.
"""

from __future__ import annotations

import builtins
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

from racecheck.runtime import deliver, locks, reentrant
from racecheck.runtime.observers.races import Observer
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.rewriting import gate, inserted
from racecheck.runtime.rewriting.rewriter import compile_with_table
from racecheck.runtime.threads import local, threads

TURNS = 50
TIMES, AGAIN = 2_000, 5
WORKLOADS = Path(__file__).parent / "workloads"
LOCKS = """
class Counter:
    def __init__(self, lock, again):
        self.outer, self.inner, self.again, self.value = lock(), lock(), again(), 0
    def two_locks(self):
        for _ in range(50):
            with self.outer:
                with self.inner:
                    self.value += 1
    def one_rlock(self):
        for _ in range(50):
            with self.again:
                self.value += 1
"""


def best(work: Callable[[], None]) -> int:
    """Nanoseconds of a turn."""
    found = []
    for _ in range(TIMES):
        begin = time.perf_counter_ns()
        work()
        found.append(time.perf_counter_ns() - begin)
    return min(found) // TURNS


def row(name: str, plain: Callable[[], None], ours: Callable[[], None]) -> None:
    """Plain and watched in turn."""
    pairs = [(best(plain), best(ours)) for _ in range(AGAIN)]
    base, watched = min(p for p, _ in pairs), min(o for _, o in pairs)
    print(f"| {name} | {base} | {watched} | {watched / base:.1f} |", flush=True)


def made(code: CodeType, name: str, *given: Any) -> Any:
    """An object of a class that the code defines."""
    space: dict[str, Any] = {"__name__": "inner", "__file__": "inner.py"}
    exec(code, space)
    return space[name](*given)


def both(source: str, path: str) -> tuple[CodeType, CodeType]:
    """Code as it is, and rewritten."""
    return compile(source, path, "exec"), compile_with_table(source, path, True, notes=False)[0]


def nothing(number: int, value: object) -> None:
    """What an inserted call costs at least."""


def who(number: int, value: object) -> None:
    """... if it asks which thread it is in."""
    local.state  # noqa: B018


known: dict[int, dict[int, bool]] = {}


def look(number: int, value: object) -> None:
    """... and for what is known of the site and the object."""
    local.state  # noqa: B018
    try:
        known[number][id(value)]
    except KeyError:
        known.setdefault(number, {})[id(value)] = True


def main() -> None:
    """Print the rows."""
    threads.reset()
    deliver.sink.record = Observer(RuntimeOptions()).record
    gate.install(notes=False)
    sys.argv[1:], sys.path[:0] = ["1"], [str(WORKLOADS)]
    path = WORKLOADS / "attributes.py"
    plain, rewritten = both(path.read_text("utf-8"), str(path))
    one, two = made(plain, "World"), made(rewritten, "World")
    two.lock = locks.Lock()
    row("attributes, gate closed", one.run, two.run)
    threads.hold()
    gate.set_open(True)
    names = (inserted.ONE, inserted.INNER, inserted.AGAIN)
    real = {name: vars(builtins)[name] for name in names}
    for told in (nothing, who, look):
        vars(builtins).update(dict.fromkeys(names, told))
        row(f"attributes, calls of `{told.__name__}`", one.run, two.run)
    vars(builtins).update(real)
    row("attributes, watched", one.run, two.run)
    path = WORKLOADS / "paths.py"
    plain, rewritten = both(path.read_text("utf-8"), str(path))
    one, two = made(plain, "Shelf"), made(rewritten, "Shelf")
    row("an update at the end of three attributes", one.nested, two.nested)
    row("... the last of which is a property", one.through, two.through)
    plain, rewritten = both(LOCKS, "locks.py")
    counter = made(plain, "Counter", threading.Lock, threading.RLock)
    watched = made(rewritten, "Counter", locks.Lock, reentrant.RLock)
    row("two locks, one update", counter.two_locks, watched.two_locks)
    row("one RLock, one update", counter.one_rlock, watched.one_rlock)


if __name__ == "__main__":
    main()
