"""The linker: all FileFacts in, one Program out. Files are never read here."""

from __future__ import annotations

import gc
from collections.abc import Mapping

from racecheck.catalog.models import Models
from racecheck.facts.schema import FileFacts
from racecheck.program import (
    arguments,
    calls,
    classes,
    escapes,
    locks,
    modules,
    roles,
    states,
    threads,
)
from racecheck.program.model import Program
from racecheck.program.tables import Ancestry, Tables


def build(
    files: Mapping[str, FileFacts],
    models: Models,
    root: str,
    environment: Ancestry | None = None,
) -> Program:
    """Link files (by the path that is shown) into a program.

    root: the folder that relative paths start from. environment answers questions about classes
    outside the project; without it they stay unknown.
    """
    collecting = gc.isenabled()
    gc.disable()  # hardly anything made here becomes garbage, and collecting costs a third
    try:
        return _build(files, models, root, environment)
    finally:
        if collecting:
            gc.enable()


def _build(
    files: Mapping[str, FileFacts], models: Models, root: str, environment: Ancestry | None
) -> Program:
    tables = Tables.of_models(models, environment)
    program = tables.program
    modules.make(files, root, tables)
    classes.collect(tables)
    classes.connect(tables)
    arguments.index(tables)
    calls.connect(tables)
    classes.declare(tables)
    threads.connect(tables)
    escapes.connect(tables)
    roles.connect(program)
    locks.connect(tables)
    states.connect(tables)
    return program
