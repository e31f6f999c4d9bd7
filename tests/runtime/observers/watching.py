"""A session that watches for one thing only, without a backend."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import Session


@contextmanager
def watched(*words: str, **options: Any) -> Iterator[Session]:
    session = Session(RuntimeOptions(watch=words, **options))
    session.start()
    try:
        yield session
    finally:
        session.stop()
        assert session.faults() == []


def run(*bodies: Callable[[], object], name: str = "w") -> None:
    """Each on a thread of its own, one after the other; the caller joins only at the end."""
    made = []
    for number, body in enumerate(bodies, 1):
        done = threading._allocate_lock()  # type: ignore[attr-defined]
        done.acquire()

        def work(body: Callable[[], object] = body, done: Any = done) -> None:
            try:
                body()
            finally:
                done.release()

        made.append(threading.Thread(target=work, name=f"{name}{number}"))
        made[-1].start()
        done.acquire()
    for thread in made:
        thread.join()
