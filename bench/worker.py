"""The share of a worker's CPU time that is not the parse, in one process.

The parse is the worker's own, which makes records of the nodes; beside a plain `parse_module` the
share would be smaller.
"""

from __future__ import annotations

import time
from pathlib import Path

from racecheck.core.collecting import uncollected
from racecheck.facts import nodes
from racecheck.facts.parse import Source, parse
from racecheck.facts.read import read
from racecheck.source.prefilter import wants

PARTS = 12
ROUNDS = 3
"""Turns of each file, of which the least counts: one alone may be a third off."""


def shares(files: list[Path]) -> tuple[list[float], int, int]:
    """Share outside the parse for each part of the files, files and lines read."""
    kept = [data for data in (path.read_bytes() for path in files) if wants(data)]
    texts = [(data, source.text) for data in kept if isinstance(source := parse(data), Source)]
    out = []
    for part in range(PARTS):
        spent = [_spent(data, text) for data, text in texts[part::PARTS]]
        if spent:
            whole, bare = map(sum, zip(*spent, strict=True))
            out.append(1 - bare / whole)
    return out, len(texts), sum(data.count(b"\n") for data, _ in texts)


def _spent(data: bytes, text: str) -> tuple[float, float]:
    """CPU seconds of the worker's function and of the bare parse, in turn."""
    turns = [(_whole(data), _bare(text)) for _ in range(ROUNDS)]
    return min(whole for whole, _ in turns), min(bare for _, bare in turns)


def _whole(data: bytes) -> float:
    started = time.process_time()
    read(data)
    return time.process_time() - started


def _bare(text: str) -> float:
    started = time.process_time()
    with uncollected():
        nodes.parse(text)
    return time.process_time() - started
