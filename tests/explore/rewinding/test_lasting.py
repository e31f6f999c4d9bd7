"""Libraries that keep a thread, a loop or an executor from one test to the next."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

LIBRARY = """
    import asyncio
    import queue
    import threading

    _lock = threading.Lock()
    _asked = queue.Queue()
    _thread = None
    _loop = [None]

    def _work():
        while True:
            call, done = _asked.get()
            call()
            done.set()

    def do(call):
        global _thread
        with _lock:
            if _thread is None:
                _thread = threading.Thread(target=_work, daemon=True)
                _thread.start()
        done = threading.Event()
        _asked.put((call, done))
        done.wait()

    def run(coroutine):
        with _lock:
            if _loop[0] is None:
                _loop[0] = asyncio.new_event_loop()
                threading.Thread(target=_loop[0].run_forever, daemon=True).start()
        return asyncio.run_coroutine_threadsafe(coroutine, _loop[0]).result()
"""

USER = """
    import threading
    import keeps_threads

    def test_worker():
        got = []
        threads = [
            threading.Thread(target=keeps_threads.do, args=(lambda: got.append(1),))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 2

    def test_loop():
        async def three():
            return 3

        assert keeps_threads.run(three()) == 3
"""


@pytest.fixture
def library(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("untraced")
    (folder / "keeps_threads.py").write_text(textwrap.dedent(LIBRARY), "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    yield
    sys.modules.pop("keeps_threads", None)


@pytest.mark.parametrize("name", ["test_worker", "test_loop"])
@pytest.mark.usefixtures("library")
def test_what_a_library_keeps_is_made_again_in_each_run(bench: Any, name: str) -> None:
    body = getattr(bench.load(USER), name)
    assert [bench.once(body).failures for _ in range(3)] == [()] * 3
