"""Programs from source text, for the tests of this folder."""

from __future__ import annotations

from textwrap import dedent

from racecheck.catalog.load import models
from racecheck.facts.read import read
from racecheck.facts.schema import FileFacts
from racecheck.program import link, locks, names, states, types, wanted
from racecheck.program.model import Class, Function, Held, Link, Program


def program(**files: str) -> Program:
    """Link files given as `pkg__mod="source"` (two underscores separate folders).

    A name that ends in `__init` is the `__init__.py` of a package.
    """
    return link.build(facts(files), models(), "")


def asked_for(**files: str) -> frozenset[str]:
    """The modules that the files need besides."""
    return wanted.names(link.start(facts(files), models(), ""))


def facts(files: dict[str, str]) -> dict[str, FileFacts]:
    """Facts by path, of files that are named as for `program`."""
    found = {}
    for key, text in files.items():
        path = _path(key)
        found[path] = read(dedent(text).encode())
        assert found[path].problem is None, found[path].problem
    return found


def _path(key: str) -> str:
    parts = ["__init__" if part == "init" else part for part in key.split("__")]
    return "/".join(parts) + ".py"


def function(made: Program, name: str) -> Function:
    """The function whose id ends in `name`: `Ledger.withdraw` or `mod:helper`."""
    found = [f for f in made.functions.values() if f.id == name or f.label == name]
    assert len(found) == 1, (name, sorted(made.functions))
    return found[0]


def cls(made: Program, name: str) -> Class:
    """The class of this name."""
    found = [c for c in made.classes.values() if c.name == name]
    assert len(found) == 1, (name, sorted(made.classes))
    return found[0]


def call(made: Program, where: str, path: str) -> Link:
    """The first call of `path` in a function."""
    found = [link_ for link_ in function(made, where).calls if link_.call.path == path]
    assert found, (path, [link_.call.path for link_ in function(made, where).calls])
    return found[0]


def targets(made: Program, where: str, path: str) -> set[str]:
    """Ids of the functions that a call may run."""
    return {target.id for target in call(made, where, path).targets}


def typed(made: Program, where: str, path: str) -> set[str]:
    """Types of a path in a function."""
    return set(types.of(function(made, where), path))


def qualified(made: Program, where: str, path: str) -> str:
    """Qualified name of a path in a function."""
    return names.qualify(function(made, where), path)


def held_at(made: Program, where: str, marker: str = "mark") -> list[Held]:
    """Locks held where a function calls `mark()`."""
    there = function(made, where)
    spot = next(c for c in there.facts.calls if c.path == marker)
    return list(locks.held(there, spot.ctx))


def locks_at(made: Program, where: str, marker: str = "mark") -> list[str]:
    """`id of base` of the locks held where a function calls `mark()`, outermost first."""
    return [
        f"{h.lock.id} of {h.base}" if h.base else h.lock.id for h in held_at(made, where, marker)
    ]


def entries(made: Program) -> dict[str, str]:
    """Roles of the entries by function id."""
    return {entry.function: entry.role.value for entry in made.entries}


def state_of(made: Program, where: str, path: str) -> str:
    """Label of the state that a path denotes, with kind and base."""
    found = states.locate(function(made, where), path)
    return f"{found[0].kind} {found[0].owner}.{found[0].name} of {found[1]}" if found else ""
