"""Runs many programs of the zoo in few processes; one that hangs or dies takes no other along."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache

from tests.processes import lines_of
from tests.zoo.loader import UNWATCHED, Outcome, programs

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
            command = ["tests.zoo.loader", backend, *names[before:]]
            found += map(Outcome.read, lines_of(command, errors, LIMIT))
            if len(found) < len(names) and not (len(found) > before and found[-1].left):
                errors.seek(0)
                error = f"hangs or dies: {errors.read()[-2000:]}"
                found.append(Outcome(names[len(found)], error=error))
    return found
