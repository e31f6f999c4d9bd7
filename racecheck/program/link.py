"""The linker: all FileFacts in, one Program out. Files are never read here."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from racecheck.catalog.models import Models
from racecheck.facts.schema import FileFacts
from racecheck.program import calls, classes, escapes, locks, modules, roles, states, threads
from racecheck.program.model import Program
from racecheck.program.tables import Ancestry, Tables, known_names


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
    program = Program()
    tables = Tables(program, models, environment)
    tables.known = known_names(models)
    tables.known_types = frozenset(
        {*models.locks, *models.safe, *models.unsafe, *models.subclasses, *models.bases}
    )
    modules.make(files, root, tables)
    tables.packages -= sys.stdlib_module_names
    classes.collect(tables)
    classes.connect(tables)
    classes.declare(tables)
    calls.connect(tables)
    threads.connect(tables)
    escapes.connect(tables)
    roles.connect(program)
    locks.connect(tables)
    states.connect(tables)
    return program
