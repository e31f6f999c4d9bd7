"""Threads under control behave towards the program as they do without."""

from __future__ import annotations

import threading
from typing import Any

SOURCE = """
    import threading

    def body(threads):
        seen = []
        thread = threading.Thread(target=lambda: seen.append(threading.current_thread()))
        assert not thread.is_alive() and thread.ident is None
        assert 'initial' in repr(thread)
        thread.start()
        assert thread.ident and thread.native_id
        try:
            thread.start()
        except RuntimeError as error:
            assert 'once' in str(error)
        else:
            raise AssertionError('it was started twice')
        try:
            thread.daemon = True
        except RuntimeError:
            pass
        else:
            raise AssertionError('too late')
        thread.join()
        assert seen == [thread] and not thread.is_alive()
        assert 'stopped' in repr(thread)
        threads.append(thread)
"""


def test_a_thread_can_be_asked_at_any_time(bench: Any) -> None:
    module = bench.load(SOURCE)
    threads: list[Any] = []
    for _ in range(3):
        assert not bench.once(lambda: module.body(threads)).failures
    for thread in threads:
        assert isinstance(thread._started, threading.Event)
        assert thread._started.wait(0)
        thread.join()


def test_who_waits_for_its_beginning_goes_on(bench: Any) -> None:
    module = bench.load(
        """
        import threading

        def body():
            thread = threading.Thread(target=list)
            began = []
            other = threading.Thread(target=lambda: began.append(thread._started.wait(5)))
            thread.start()
            other.start()
            other.join()
            thread.join()
            assert began == [True]
        """
    )
    assert not any(run.failures for run in bench.often(module.body, 10))
