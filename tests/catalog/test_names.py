"""Every name in a model exists: standard library always, other libraries when installed."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from racecheck.catalog import load
from racecheck.catalog.merge import names_of
from racecheck.catalog.models import LibraryModel, Row, Versioned

FOLDER = Path(__file__).resolve().parents[2] / "rules" / "models"
TABLES = [
    f for f in LibraryModel.__struct_fields__ if f not in {"library", "distribution", "notes"}
]
ELSEWHERE = {"asyncio.ProactorEventLoop"}
"""Names of another operating system."""
FACTORIES: dict[str, tuple[object, ...]] = {
    "threading.Lock": (),
    "threading.RLock": (),
    "multiprocessing.Barrier": (2,),
    "multiprocessing.BoundedSemaphore": (),
    "multiprocessing.Event": (),
    "multiprocessing.JoinableQueue": (),
    "multiprocessing.Lock": (),
    "multiprocessing.Queue": (),
    "multiprocessing.RLock": (),
    "multiprocessing.Semaphore": (),
    "multiprocessing.SimpleQueue": (),
}
"""Functions that people use like types."""


def rows() -> Iterator[tuple[str, str, Versioned]]:
    """File and table and row of everything."""
    for path in sorted(FOLDER.glob("*.toml")):
        model = load.library(path)
        for table in TABLES:
            rows = getattr(model, table)
            for row in rows if isinstance(rows, tuple) else ():
                yield path.name, table, row


def names() -> Iterator[tuple[str, str, Versioned]]:
    """File, name and row for all that must exist."""
    for file, table, row in rows():
        if table == "alias" and load.library(FOLDER / file).distribution:
            # Why: where a library keeps a class differs from version to version; all are named.
            yield file, row.public, row  # type: ignore[attr-defined]
        elif isinstance(row, Row):
            for name in names_of(row):
                yield file, name, row
        else:
            base = row.base  # type: ignore[attr-defined]
            for name in (base,) if isinstance(base, str) else base:
                yield file, name, row
        for field in ("public", "type"):
            value = getattr(row, field, None)
            if isinstance(value, str) and value:
                yield file, value, row
    for file, table, row in rows():
        if table == "inherits":
            yield file, row.base, row  # type: ignore[attr-defined]


def here(row: Versioned) -> bool:
    """Whether the running version has the name."""
    version = sys.version_info[:2]

    def parse(text: str) -> tuple[int, int]:
        major, minor = text.split(".")
        return int(major), int(minor)

    old = row.since and version < parse(row.since)
    new = row.until and version >= parse(row.until)
    return not (old or new)


def resolve(name: str) -> object:
    """The object, importing as much of the path as needed."""
    head, _, tail = name.partition(".")
    if head in vars(builtins):
        found: object = getattr(builtins, head)
    else:
        found = importlib.import_module(head)
    path = head
    for part in tail.split(".") if tail else ():
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            if path.rpartition(".")[0] in FACTORIES:
                found = getattr(made(path.rpartition(".")[0]), part)
            else:
                found = importlib.import_module(path)
    return found


@lru_cache
def made(factory: str) -> object:
    """An object of a factory: what is said of its methods is checked there."""
    make = resolve(factory)
    assert callable(make)
    return make(*FACTORIES[factory])


def unresolved(wanted: set[str]) -> list[str]:
    missing = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sorted(wanted):
            try:
                resolve(name)
            except (ImportError, AttributeError):
                missing.append(name)
            except Exception as error:  # a library that wants to be set up first (Django)
                assert not isinstance(error, NameError), name
    return missing


def is_stdlib(name: str) -> bool:
    head = name.partition(".")[0]
    return head in sys.stdlib_module_names or head in vars(builtins)


def test_standard_library_names_exist() -> None:
    wanted = {name for _, name, row in names() if is_stdlib(name) and here(row)} - ELSEWHERE
    assert len(wanted) > 500
    assert unresolved(wanted) == []


def other_libraries() -> list[str]:
    return sorted({name.partition(".")[0] for _, name, _ in names() if not is_stdlib(name)})


def test_names_of_installed_libraries_exist() -> None:
    present = {name for name in other_libraries() if importlib.util.find_spec(name)}
    if not present:
        pytest.skip("none of the modelled libraries is installed")
    wanted = {name for _, name, row in names() if name.partition(".")[0] in present and here(row)}
    assert unresolved(wanted) == []


def test_versions_are_versions() -> None:
    for _, _, row in rows():
        here(row)


def test_no_name_is_said_twice_in_a_table_of_single_values() -> None:
    several = {"entry", "decorator", "subclass", "inherits", "alias", "reserved"}
    seen: dict[tuple[str, str], str] = {}
    for file, table, row in rows():
        if table not in several and isinstance(row, Row):
            for name in names_of(row):
                assert (table, name) not in seen, f"{name} in {file} and {seen[table, name]}"
                seen[table, name] = file


def position(name: str, argument: str) -> int | None:
    """Where a callable takes an argument, without self; None if its signature is not known."""
    found = resolve(name)
    try:
        parameters = list(inspect.signature(found).parameters.values())  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    bound = inspect.isclass(found) or inspect.ismethod(found)
    owner = resolve(name.rpartition(".")[0])
    if inspect.isclass(owner) and not bound and not is_static(owner, name):
        parameters = parameters[1:]
    for index, parameter in enumerate(parameters):
        if parameter.name == argument:
            return -1 if parameter.kind is parameter.KEYWORD_ONLY else index
        if parameter.kind is parameter.VAR_POSITIONAL:
            return None
    return None if any(p.kind is p.VAR_KEYWORD for p in parameters) else -2


def is_static(owner: type, name: str) -> bool:
    return isinstance(inspect.getattr_static(owner, name.rpartition(".")[2]), staticmethod)


def test_arguments_of_the_standard_library_stand_where_the_models_say() -> None:
    checked = 0
    wrong = []
    for name, found in load.models().entries.items():
        for row in found:
            if not is_stdlib(name) or not here(row) or name.startswith(tuple(ELSEWHERE)):
                continue
            place = position(name, row.argument) if row.argument else None
            checked += place is not None
            if place not in {None, row.position}:
                wrong.append((name, row.argument, row.position, place))
    assert wrong == []
    assert checked > 50
