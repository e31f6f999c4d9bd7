"""The share of a worker's CPU time that is not the parse, in one process.

The parse is the worker's own, which makes records of the nodes; beside a plain `parse_module` the
share would be smaller.
"""

from __future__ import annotations

import time
from pathlib import Path

from racecheck.facts import nodes
from racecheck.facts.parse import Source, parse
from racecheck.facts.read import read, uncollected
from racecheck.source.prefilter import wants

PARTS = 12


def shares(files: list[Path]) -> tuple[list[float], int, int]:
    """Share outside the parse for each part of the files, files and lines read."""
    kept = [data for data in (path.read_bytes() for path in files) if wants(data)]
    texts = [(data, source.text) for data in kept if isinstance(source := parse(data), Source)]
    out = []
    for part in range(PARTS):
        whole = bare = 0.0
        for number, (data, text) in enumerate(texts[part::PARTS]):
            steps = [_whole, _bare] if number % 2 else [_bare, _whole]
            for step in steps:
                spent = step(data, text)
                whole, bare = (whole + spent, bare) if step is _whole else (whole, bare + spent)
        if whole:
            out.append(1 - bare / whole)
    return out, len(texts), sum(data.count(b"\n") for data, _ in texts)


def _whole(data: bytes, text: str) -> float:
    started = time.process_time()
    read(data)
    return time.process_time() - started


def _bare(data: bytes, text: str) -> float:
    started = time.process_time()
    with uncollected():
        nodes.parse(text)
    return time.process_time() - started
