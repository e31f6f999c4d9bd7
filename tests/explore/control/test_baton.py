"""Where time is real, and threads that stay when they are told to leave."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest

from racecheck.explore.bounds import Bounds

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


EARLIER = """
    import queue
    import threading
    from racecheck.runtime.pristine import sleep

    asked, given = queue.Queue(), queue.Queue()

    def serve():
        while (number := asked.get()) is not None:
            sleep(0.05)
            given.put(number + 1)

    server = threading.Thread(target=serve, daemon=True)
    server.start()

    def test():
        asked.put(1)
        assert given.get() == 2

    def impatient():
        asked.put(1)
        assert given.get(timeout=20) == 2
"""


@pytest.mark.parametrize("name", ["test", "impatient"])
def test_a_thread_from_before_may_give_what_is_waited_for(bench: Any, name: str) -> None:
    module = bench.load(EARLIER)
    runs = [bench.once(getattr(module, name)) for _ in range(2)]
    module.asked.put(None)
    module.server.join()
    assert [run.failures for run in runs] == [(), ()]
    assert all("a thread from before" in run.uncontrolled[0] for run in runs)


STAYS = """
    import threading
    from racecheck.runtime.pristine import sleep

    begun = threading.Event()

    def stay():
        begun.set()
        try:
            sleep(3)
        finally:
            with threading.Lock():
                pass

    def test():
        threading.Thread(target=stay, daemon=True).start()
        begun.wait()

    def other():
        thread = threading.Thread(target=sum, args=([1],))
        thread.start()
        thread.join()
"""


def test_a_thread_that_does_not_leave_is_no_agent_of_later_runs(bench: Any, capfd: Any) -> None:
    module = bench.load(STAYS)
    lost = bench.once(module.test)
    assert lost.failures == ()
    assert "did not end" in " ".join(lost.uncontrolled)
    runs = [bench.once(module.other)]
    until = monotonic() + 3
    while monotonic() < until:
        runs.append(bench.once(module.other))
    assert {run.failures for run in runs} == {()}
    assert capfd.readouterr() == ("", "")


def test_who_ends_a_run_is_not_interrupted(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = bench.load(EARLIER)
    controller = bench.lab.controller
    seen = []

    def dismiss(main: Any, patience: float) -> Any:
        found = dismissed(main, patience)
        controller.interrupt_running()
        seen.append(controller.running is main)
        return found

    dismissed = controller.dismiss
    monkeypatch.setattr(controller, "dismiss", dismiss)
    assert bench.once(lambda: None).failures == ()
    assert seen == [True]
    module.asked.put(None)


MAIN = """
    import threading
    from racecheck.runtime.pristine import sleep

    def wait():
        threading.main_thread().join()

    def test():
        threading.Thread(target=wait).start()
        threading.Thread(target=wait, daemon=True).start()

    def slowly():
        while True:
            sleep(0.1)
            threading.Lock().acquire()

    def endless():
        threading.Thread(target=slowly).start()
"""


def test_who_waits_for_the_main_thread_waits_for_the_end_of_the_test(bench: Any) -> None:
    run = bench.once(bench.load(MAIN).test)
    assert (run.failures, run.limit, run.uncontrolled) == ((), "", ())


def test_a_run_ends_whoever_is_away_then(make_bench: Any) -> None:
    bench = make_bench(Bounds(run_seconds=0.5))
    run = bench.once(bench.load(MAIN).endless)
    assert run.failures == ()
    assert "0.5 s" in run.limit
