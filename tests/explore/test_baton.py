"""Where time is real, and threads that stay when they are told to leave."""

from __future__ import annotations

from typing import Any

CHILD = """
    import subprocess
    import sys
    import threading

    def test():
        child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
        lock = threading.Lock()

        def again():
            with lock:
                assert not lock.acquire(timeout=0.05)

        thread = threading.Thread(target=again)
        thread.start()
        thread.join()
        child.communicate(b"\\n")
"""


def test_whose_time_will_be_over_is_no_deadlock_beside_a_child(bench: Any) -> None:
    module = bench.load(CHILD)
    run = bench.once(module.test)
    assert run.failures == ()
    assert run.limit == ""

SLOW = """
    import threading
    from racecheck.runtime.pristine import sleep

    class Slow(threading.Thread):
        def _set_ident(self):
            sleep(0.3)
            super()._set_ident()

    def test():
        thread = Slow()
        thread.start()
        thread.join()
"""


def test_a_thread_that_the_system_is_slow_to_start_is_under_our_control(bench: Any) -> None:
    assert bench.once(bench.load(SLOW).test).uncontrolled == ()

LAST = """
    import threading

    def test():
        event = threading.Event()
        event.wait()
        raise AssertionError("nobody has set it")
"""


def test_the_last_to_wait_in_a_deadlock_leaves_as_the_others_do(bench: Any) -> None:
    run = bench.once(bench.load(LAST).test)
    assert [one.kind for one in run.failures] == ["deadlock"]
