"""Schedules per second on one process and on several: `python -m bench.jobs [--jobs 1 2]`.

What `racecheck explore` does from the first import to the verdict, start of processes included.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = (("auto", 400), ("auto", 2000), ("random", 2000))
TIMES = 2

PROGRAM = """
import threading


def test_it():
    lock, order = threading.Lock(), []

    def step(number):
        for _ in range(6):
            with lock:
                order.append(number)
                sum(range({work}))

    threads = [threading.Thread(target=step, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(order) == 18
"""

WORK = {"short": 10, "long": 5_000}
"""What a step does besides taking the lock: a test that takes longer."""


def explore(folder: Path, jobs: int, strategy: str, schedules: int) -> float:
    """Seconds of one exploration."""
    words = ["--jobs", str(jobs), "--schedules", str(schedules), "--time", "off", "-q"]
    words += ["--strategy", strategy]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "racecheck", "explore", *words, "program.py:test_it"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - began


def rows(jobs: list[int]) -> list[str]:
    """The table, a line each."""
    lines = [
        "| test | strategy | schedules | "
        + " | ".join(f"{n} process{'es' * (n > 1)}" for n in jobs)
        + " |"
    ]
    lines.append("|---" * (3 + len(jobs)) + "|")
    for name, work in WORK.items():
        with tempfile.TemporaryDirectory() as text:
            folder = Path(text)
            (folder / ".git").mkdir()
            (folder / "program.py").write_text(PROGRAM.format(work=work))
            for strategy, schedules in CASES:
                # Why in turns: the load of the machine changes.
                taken: dict[int, list[float]] = {n: [] for n in jobs}
                for _ in range(TIMES):
                    for many in jobs:
                        taken[many].append(explore(folder, many, strategy, schedules))
                medians = [statistics.median(taken[n]) for n in jobs]
                cells = [f"{each:.1f} s, {schedules / each:,.0f}/s" for each in medians]
                lines.append(f"| {name} | {strategy} | {schedules:,} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Print the table, with the load of the machine before and after."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    given = parser.parse_args()
    before = os.getloadavg()[0]
    print("\n".join(rows(given.jobs)))
    print(f"\n{os.cpu_count()} cores; load {before:.1f} before, {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
