"""Repetitions are not heard, and each of them ends."""

from __future__ import annotations

import faulthandler
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from racecheck.testing import undisturbing
from tests.testing.isolated import write
from tests.testing.runs import GO, run


def test_output_is_that_of_the_failing_run(tmp_path: Path) -> None:
    tests = """
        from go import order

        def test_order():
            found = order()
            print("in the order", *found)
            assert found == [1, 2]
    """
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore")
    assert "Captured stdout of the replay" in done.out
    assert done.out.count("\nin the order 2 1") == 1
    assert done.out.count("\nin the order 1 2") <= 1


def test_a_run_that_never_ends_ends(tmp_path: Path) -> None:
    tests = """
        import socket
        import threading

        FIRST = []

        def test_waits():
            thread = threading.Thread(target=lambda: None)
            thread.start()
            thread.join()
            one, other = socket.socketpair()
            if hasattr(socket, "met"):
                one.recv(1)
            socket.met = 1
    """
    settings = '[tool.racecheck.explore]\nrun-time = "1s"\ntime = "2s"\n'
    files = {"test_it.py": tests, "pyproject.toml": settings}
    done = run(tmp_path, files, "--racecheck-explore")
    assert done.code == 0, done.out + done.err
    assert "inconclusive: test_it.py::test_waits" in done.out


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_an_interruption_is_one(tmp_path: Path) -> None:
    tests = """
        import threading
        from pathlib import Path

        def test_long():
            thread = threading.Thread(target=sum, args=([],))
            thread.start()
            thread.join()
            if Path("begun").exists():
                Path("explored").touch()
                while True:
                    pass
            Path("begun").touch()
    """
    write(tmp_path, {"test_it.py": tests})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--racecheck-explore"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(600):
            if (tmp_path / "explored").exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 2, out
    assert "KeyboardInterrupt" in out


def test_what_faulthandler_would_dump_is_called_off(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: called.append(1))
    monkeypatch.setattr(request.config, "getini", lambda _: "30")
    undisturbing.without_timeout(request.node)
    assert called == [1]
