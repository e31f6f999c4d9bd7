"""Runs many programs of the zoo in few processes; one that hangs or dies takes no other along."""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.zoo.loader import UNWATCHED, Outcome, programs

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 30.0
"""Seconds for one program, beyond anything that a slow machine needs."""


@cache
def outcomes(backend: str) -> dict[str, Outcome]:
    """All programs, once each."""
    names = [p.name for p in programs() if p.runs_here and (p.ends or backend != UNWATCHED)]
    return {outcome.name: outcome for outcome in run(backend, names)}


def run(backend: str, names: Sequence[str]) -> list[Outcome]:
    """One outcome for each name, in this order; a name may come several times."""
    found: list[Outcome] = []
    while len(found) < len(names):
        with tempfile.TemporaryFile("w+") as errors:
            before = len(found)
            found += _worker(backend, names[before:], errors)
            if len(found) < len(names) and not (len(found) > before and found[-1].left):
                errors.seek(0)
                error = f"hangs or dies: {errors.read()[-2000:]}"
                found.append(Outcome(names[len(found)], error=error))
    return found


def _worker(backend: str, names: Sequence[str], errors: object) -> Iterator[Outcome]:
    """What one process brings about before it ends, or is ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.zoo.loader", backend, *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=errors,  # type: ignore[call-overload]
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines))
    reader.start()
    try:
        while line := lines.get(timeout=LIMIT):
            yield Outcome.read(line)
    except queue.Empty:
        pass
    finally:
        process.kill()
        process.wait()
        reader.join()


def _read(stream: object, lines: queue.Queue[str]) -> None:
    with stream:  # type: ignore[attr-defined]
        for line in stream:  # type: ignore[attr-defined]
            lines.put(line)
    lines.put("")
