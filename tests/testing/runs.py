"""Runs of pytest in a process of their own, on small files written for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

RACY = """
    import threading


    class Counter:
        def __init__(self):
            self.value = 0

        def hit(self):
            for _ in range(5):
                self.value += 1


    def both(function):
        threads = [threading.Thread(target=function, name=f"w{n}") for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""


GO = """
    import threading


    def go(*functions):
        threads = [threading.Thread(target=function) for function in functions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return threads


    def order():
        done = []
        lock = threading.Lock()

        def work(number):
            with lock:
                done.append(number)

        go(lambda: work(1), lambda: work(2))
        return done
"""


@dataclass(frozen=True)
class Run:
    """What came of one run."""

    code: int
    out: str
    err: str

    def line(self, part: str) -> str:
        """The first line that has `part` in it."""
        return next(line for line in self.out.splitlines() if part in line)


def run(
    folder: Path,
    files: Mapping[str, str],
    *arguments: str,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Write the files and run pytest on the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
    hidden = ("PYTEST_", "RACECHECK_", "COV_", "PYTHONBREAKPOINT", "CI", "GITHUB")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**kept, "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)
