"""Whole processes measured from outside: CPU, wall clock and memory, with their spread."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SAMPLE_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Usage:
    """What one finished command cost; memory in MB, `tree_mb` summed over its processes."""

    wall: float
    cpu: float
    largest_mb: float
    tree_mb: float
    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Lowest, middle and highest of several runs."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of `values`, of which there is at least one."""
        ordered = sorted(values)
        return cls(ordered[0], statistics.median(ordered), ordered[-1])

    def show(self, digits: int = 2) -> str:
        """As a table cell: the median, the range behind it."""
        low, median, high = (f"{x:,.{digits}f}" for x in (self.low, self.median, self.high))
        return f"{median} ({low} to {high})"


def run(command: Sequence[str], cwd: Path | None = None) -> Usage:
    """Run a command to its end. Its children count as far as it waits for them."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watch = _MemoryWatch(process.pid)
    errors = _Reader(process.stderr)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    largest = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    text = output.decode("utf-8", "replace")
    if process.returncode not in (0, 1):
        text += errors.text()
    cpu = usage.ru_utime + usage.ru_stime
    return Usage(wall, cpu, largest, watch.peak_mb() or largest, process.returncode, text)


def _environment() -> dict[str, str]:
    """Ours, but modules are compiled once, as those of an installed package are."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def checked(usage: Usage, command: Sequence[str]) -> Usage:
    """`usage`, or an error that shows what the command said: exit 1 only means findings."""
    if usage.code not in (0, 1):
        raise SystemExit(f"exit {usage.code}: {' '.join(command[:8])}\n{usage.output[-2000:]}")
    return usage


class _Reader(threading.Thread):
    """Drains a stream, so that a command that complains a great deal does not block."""

    def __init__(self, stream: object) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._data = b""
        self.start()

    def run(self) -> None:
        self._data = self._stream.read()  # type: ignore[attr-defined]

    def text(self) -> str:
        self.join()
        return self._data.decode("utf-8", "replace")


class _MemoryWatch(threading.Thread):
    """Samples the proportional memory of a process and its descendants (Linux; else nothing)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._peak = 0
        self._ended = threading.Event()
        if Path("/proc/self/smaps_rollup").exists():
            self.start()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(_kilobytes(pid) for pid in _tree(self._pid)))

    def peak_mb(self) -> float:
        self._ended.set()
        if self.is_alive():
            self.join()
        return self._peak / 1024


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            for task in tasks:
                found.extend(int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _kilobytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")), 0)


def machine() -> str:
    """One line on what the figures were measured with."""
    names = [f"{name} {_version(name)}" for name in ("racecheck-py", "libcst")]
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    return ", ".join([f"CPython {platform.python_version()}", *names, system])


def load() -> str:
    """How busy the machine was just now."""
    return f"load {os.getloadavg()[0]:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
