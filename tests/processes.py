"""A process that tells of its work line by line, and that may hang or die in the middle."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lines_of(arguments: Sequence[str], errors: object, limit: float) -> Iterator[str]:
    """What `python -m` writes before it ends, or is ended as it was silent for `limit` seconds."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=errors,  # type: ignore[call-overload]
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines))
    reader.start()
    try:
        while line := lines.get(timeout=limit):
            yield line
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
