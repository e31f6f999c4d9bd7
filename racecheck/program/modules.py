"""Files as modules: their names, what they import, and the functions and classes they define."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from racecheck.facts import schema
from racecheck.program import branches
from racecheck.program.model import Class, Function, Module
from racecheck.program.tables import Tables, Term

_SOURCE_ROOTS = frozenset({"src", "lib", "python"})
_TEST_FOLDERS = frozenset({"t", "test", "tests", "testing"})
_TEST_FILE = re.compile(r"^(test_.*|.*_test|conftest|tests?)$")


def make(
    files: Mapping[str, schema.FileFacts], root: str, tables: Tables, known: Iterable[Module] = ()
) -> None:
    """Fill the program with modules, functions and classes, and index their names.

    known: modules of tables that were not finished; they forget what they learned there.
    """
    program = tables.program
    packages = _packages(files, root)
    files = branches.living(files)
    made = {module.path: module for module in known}
    for path, name in _names(files, packages, root).items():
        module = made.get(path)
        if module is None or module.name != name or module.facts is not files[path]:
            module = _module(name, path, files[path], root)
        else:
            _renew(module)
        module.tables = tables
        program.modules[name] = module
        program.classes.update((cls.id, cls) for cls in module.classes.values())
        program.functions.update((f.id, f) for f in module.functions.values())
    _index(tables, packages)


def _module(name: str, path: str, facts: schema.FileFacts, root: str) -> Module:
    pure = PurePosixPath(path.replace("\\", "/"))
    is_package = pure.stem == "__init__"
    module = Module(name, path, facts, is_package=is_package, is_test=_is_test(pure, root))
    _define(module)
    module.imports = _imports(module)
    module.stars = _star_sources(module)
    return module


def _renew(module: Module) -> None:
    """Back to what the file says by itself."""
    module.memory.clear()
    for cls in module.classes.values():
        cls.mro, cls.subclasses, cls.externals, cls.opaque = (cls,), [], frozenset(), False
    for function in module.functions.values():
        function.memory.clear()
        function.calls = []


def _is_test(path: PurePosixPath, root: str) -> bool:
    path = _inside(path, root)
    return bool(_TEST_FILE.match(path.stem)) or not _TEST_FOLDERS.isdisjoint(path.parts[:-1])


def _inside(path: PurePosixPath, root: str) -> PurePosixPath:
    """The path as seen from `root`; it is shown from where one stands, which may be elsewhere."""
    top = root.replace("\\", "/")
    for candidate in (path, PurePosixPath(Path.cwd().as_posix(), path)):
        with contextlib.suppress(ValueError):
            return candidate.relative_to(top)
    return path


# --- names of modules -------------------------------------------------------------------------


def _packages(files: Mapping[str, schema.FileFacts], root: str) -> frozenset[str]:
    """Folders that are packages. Most `__init__.py` hold no threads and were not read."""
    folders = {str(PurePosixPath(path.replace("\\", "/")).parent) for path in files}
    found: set[str] = set()
    seen: set[str] = set()
    for folder in folders:
        here = PurePosixPath(folder)
        while str(here) not in seen and str(here) not in (".", "/", ""):
            seen.add(str(here))
            init = str(here / "__init__.py")
            if init not in files and not _exists(root, init):
                break
            found.add(str(here))
            here = here.parent
    return frozenset(found)


def _exists(root: str, path: str) -> bool:
    try:
        return Path(path).is_file() or Path(root, path).is_file()
    except (OSError, ValueError):
        return False


def _names(
    files: Mapping[str, schema.FileFacts], packages: frozenset[str], root: str
) -> dict[str, str]:
    """A module name for every path; no two have the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(files):
        pure = PurePosixPath(path.replace("\\", "/"))
        for name in _candidates(pure, packages, root):
            if name not in taken:
                break
        taken.add(name)
        names[path] = name
    return names


def _candidates(path: PurePosixPath, packages: frozenset[str], root: str) -> Iterable[str]:
    parts = [path.stem] if path.stem != "__init__" else []
    folder = path.parent
    while str(folder) in packages:
        parts.insert(0, folder.name)
        folder = folder.parent
    inside_package = str(path.parent) in packages
    outer = list(_inside(folder, root).parts)
    outer = [re.sub(r"\W", "_", part) for part in outer if part not in ("/", ".", "..")]
    plain = [part for part in outer if part not in _SOURCE_ROOTS]
    if inside_package:
        yield ".".join(parts)
    yield ".".join([*plain, *parts]) or "__init__"
    yield ".".join([*outer, *parts]) or "__init__"
    number = 2
    while True:
        yield ".".join([*outer, *parts]) + f"_{number}"
        number += 1


def _index(tables: Tables, packages: frozenset[str]) -> None:
    """All names under which a module can be imported, and top-level definitions by name."""
    modules = tables.program.modules
    tables.modules = dict(modules)
    tops = frozenset(name.partition(".")[0] for name in modules)
    tables.packages = tops - sys.stdlib_module_names
    ambiguous: set[str] = set()
    for name, module in modules.items():
        folder = str(PurePosixPath(module.path.replace("\\", "/")).parent)
        tables.folders[module] = folder
        if folder not in packages:
            tables.siblings[folder, name.rpartition(".")[2]] = module
            for alias in _suffixes(name):
                if alias in tables.modules:
                    ambiguous.add(alias)
                elif alias.partition(".")[0] not in sys.stdlib_module_names:
                    tables.modules[alias] = module
        _export(tables, module)
    for alias in ambiguous - modules.keys():
        tables.modules.pop(alias, None)


def _suffixes(name: str) -> Iterable[str]:
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _export(tables: Tables, module: Module) -> None:
    top = module.name.partition(".")[0]
    for cls in module.classes.values():
        if "." not in cls.facts.qualname:
            tables.exports.setdefault((top, cls.name), []).append(Term("class", cls.id))
    for qualname, function in module.functions.items():
        if "." not in qualname and not qualname.startswith("<"):
            tables.exports.setdefault((top, qualname), []).append(Term("function", function.id))


# --- definitions ------------------------------------------------------------------------------


def _define(module: Module) -> None:
    for facts in module.facts.classes:
        cls = Class(f"{module.name}.{facts.qualname}", module, facts)
        cls.mro = (cls,)
        module.classes[facts.qualname] = cls
    for record in module.facts.functions:
        name, bound = f"{module.name}:{record.qualname}", frozenset(record.locals)
        function = Function(name, module, record, bound=bound)
        module.functions[record.qualname] = function
    for function in module.functions.values():
        _attach(function)


def _attach(function: Function) -> None:
    """Connect a function with its class and with the function around it."""
    module, facts = function.module, function.facts
    if facts.parent:
        function.parent = module.functions.get(facts.parent)
    owner = facts.owner
    if not owner and facts.name == "<class>":
        owner = facts.qualname.removesuffix(".<class>")
    function.cls = module.classes.get(owner)
    if function.cls is not None and facts.name != "<class>":
        _add_method(function.cls, function)
    elif function.parent is not None:
        function.parent.nested[facts.name] = function


def _add_method(cls: Class, function: Function) -> None:
    """The last definition of a name wins, but a property is its getter."""
    for decorator in function.facts.decorators:
        if decorator.text.endswith((".setter", ".deleter")):
            cls.methods.setdefault(function.name, function)
            return
    cls.methods[function.name] = function


# --- imports ----------------------------------------------------------------------------------


def _imports(module: Module) -> dict[str, str]:
    """Local names and the absolute names they stand for; the first import of a name counts."""
    found: dict[str, str] = {}
    for record in module.facts.imports:
        if record.name != "*":
            found.setdefault(*target(module, record))
    return found


def target(module: Module, record: schema.Import) -> tuple[str, str]:
    """The name that an import binds and what it stands for."""
    if record.is_from:
        base = _base(module, record)
        return record.name, f"{base}.{record.target}" if base else record.target
    first = record.target.partition(".")[0]
    name = record.name.partition(".")[0]
    return (name, first) if name == first else (name, record.target)


def _base(module: Module, record: schema.Import) -> str:
    """The module that `from ... import` reads from."""
    if not record.level:
        return record.module
    parts = module.name.split(".")
    keep = len(parts) - record.level + (1 if module.is_package else 0)
    base = ".".join(parts[: max(keep, 0)])
    return ".".join(part for part in (base, record.module) if part)


def _star_sources(module: Module) -> tuple[str, ...]:
    """Modules whose public names are all imported."""
    return tuple(_base(module, r) for r in module.facts.imports if r.name == "*")


def find(tables: Tables, dotted: str, origin: Module | None = None) -> Module | None:
    """The project module of this name, as seen from `origin`."""
    first = dotted.partition(".")[0]
    if origin is not None and not origin.is_package:
        sibling = tables.siblings.get((tables.folders.get(origin, ""), first))
        if sibling is not None and "." not in dotted:
            return sibling
    module = tables.modules.get(dotted)
    if module is not None and dotted == first and first in sys.stdlib_module_names:
        return None
    return module
