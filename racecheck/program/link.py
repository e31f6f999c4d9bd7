"""The linker: all FileFacts in, one Program out. Files are never read here.

In two halves, so that `wanted` can ask between them which files are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from racecheck.catalog.models import Models
from racecheck.core.collecting import uncollected
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
from racecheck.program.model import Module, Program
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
    with uncollected():
        return finish(start(files, models, root), environment)


def start(files: Mapping[str, FileFacts], models: Models, root: str) -> Tables:
    """The first half: modules, classes, and calls by name. What `wanted` asks rests on these."""
    return _indexed(Tables.of_models(models), files, root)


def again(tables: Tables, files: Mapping[str, FileFacts], root: str) -> Tables:
    """The first half for more files; modules that were made already are not made again."""
    return _indexed(tables.successor(), files, root, tables.program.modules.values())


def _indexed(
    tables: Tables, files: Mapping[str, FileFacts], root: str, known: Iterable[Module] = ()
) -> Tables:
    modules.make(files, root, tables, known)
    classes.collect(tables)
    classes.connect(tables)
    arguments.index(tables)
    return tables


def expected(tables: Tables) -> list[str]:
    """The library classes that the second half will ask about, as far as the first half knows."""
    return [name for _, names in classes.strangers(tables) for name in names]


def finish(tables: Tables, environment: Ancestry | None = None) -> Program:
    """The second half: everything else."""
    program = tables.program
    if environment is not None:
        classes.ask(tables, environment)
    calls.connect(tables)
    classes.declare(tables)
    threads.connect(tables)
    escapes.connect(tables)
    roles.connect(program)
    locks.connect(tables)
    states.connect(tables)
    return program
