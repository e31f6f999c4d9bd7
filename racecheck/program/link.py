"""The linker: all FileFacts in, one Program out. Files are never read here."""

from __future__ import annotations

import gc
import sys
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
    arguments.index(tables)
    calls.connect(tables)
    classes.declare(tables)
    threads.connect(tables)
    escapes.connect(tables)
    roles.connect(program)
    locks.connect(tables)
    states.connect(tables)
    program.wanted = _wanted(tables)
    return program


def _wanted(tables: Tables) -> frozenset[str]:
    """Project modules that were not read, to which a base or a call from interesting code leads.

    Interesting is code that runs on a thread of its own or holds something. Names are dotted; some
    may turn out to be attributes and not modules.
    """
    names: set[str] = set(tables.guessed)
    for cls in tables.program.classes.values():
        names |= cls.externals
        for attribute in cls.attributes.values():
            if attribute.lock is not None and attribute.lock.kind == "unknown":
                names |= attribute.types
    for function in tables.program.functions.values():
        if function.entries or function.facts.regions:
            names.update(link.external for link in function.calls if link.external)
    found: set[str] = set()
    for name in names:
        if name.partition(".")[0] in tables.packages:
            found |= {name, name.rpartition(".")[0]}
    return frozenset(found - tables.modules.keys() - {""})
