"""Hangs of whole processes: how they end, and what a fork sees of the watchdog."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent

import pytest

from racecheck.runtime.observers import watchdog


def run(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A program of its own, watched with these options."""
    head = f"""
        import os, sys, threading, queue, time
        from racecheck.runtime.hooks import hooks
        from racecheck.runtime.observers import watchdog
        from racecheck.runtime.options import RuntimeOptions
        from racecheck.runtime.session import Session

        session = Session(RuntimeOptions(watch=("hangs",), hang_timeout=0.3, {", ".join(options)}))
        session.start()
        hooks.listen(urgent=lambda f: print(f.code, f.message, flush=True))
    """
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(head) + dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_process_ends() -> None:
    done = run(
        """
        print("before", end="")
        threading.Event().wait()
        print("after")
        """,
        "hang_action='exit'",
    )
    assert done.returncode == watchdog.EXIT_CODE
    hang = "RC440 Hang: waiting for an event that nobody is left to set"
    assert done.stdout == f"before{hang}\n"
    assert done.stderr == ""


def test_a_thread_that_keeps_the_process_from_ending() -> None:
    done = run(
        """
        threading.Thread(target=queue.Queue().get).start()
        with watchdog.leaving():
            threading._shutdown()
        print("done")
        """,
        "hang_action='fail'",
    )
    assert done.stdout == "RC440 Hang: waiting for an item that nobody is left to put\ndone\n"
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_fork_sees_one_thread_and_the_child_is_left_alone() -> None:
    done = run(
        """
        lock = threading.Lock()
        worker = threading.Thread(target=lock.acquire)
        lock.acquire()
        worker.start()
        while not session.observers["hangs"]._running:
            time.sleep(0.01)
        lock.release()
        worker.join()
        child = os.fork()
        if not child:
            os._exit(len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self") else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        threading.Event().wait()
        """,
        "hang_action='exit'",
    )
    assert done.stdout.startswith("1\nRC440 Hang"), done.stdout + done.stderr
    assert done.stderr == ""


def test_a_signal_handler_could_set_the_event() -> None:
    done = run(
        """
        import signal
        event = threading.Event()
        signal.signal(signal.SIGALRM, lambda *_: event.set())
        signal.setitimer(signal.ITIMER_REAL, 1.5)
        event.wait()
        print(session.findings())
        """,
        "hang_action='exit'",
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0)


def test_processes_may_still_send_something() -> None:
    done = run(
        """
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(time.sleep, 1.5).result()
        print(session.findings())
        """,
        "hang_action='exit'",
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
