"""What names mean: scopes, imports with re-exports, and qualified names of callees."""

from __future__ import annotations

from racecheck.program import modules, types
from racecheck.program.model import Function, Module
from racecheck.program.tables import (
    BUILTIN_CLASSES,
    BUILTIN_NAMES,
    NOTHING,
    Tables,
    Term,
    Terms,
    of,
    one,
    ordered,
)


def qualify(function: Function, path: str) -> str:
    """Qualified name of what `path` denotes in `function`, "" when it is not known.

    `threading.Thread`, `pkg.mod.helper`, `queue.Queue.get`, `pkg.mod.Ledger.withdraw`, `len`. Names
    from outside are the public ones of the library models.
    """
    found = types.infer(function, path)
    names = sorted(name for name in map(name_of, found) if name)
    if len(names) < 2:
        return names[0] if names else ""
    known = of(function).known
    return next((name for name in names if name in known), names[0])


def name_of(term: Term) -> str:
    """The qualified name of a term that is no instance."""
    if term.kind == "function":
        return term.name.replace(":", ".")
    return term.name if term.kind in ("class", "name", "module") else ""


def scope_of(function: Function) -> Function:
    """The body of the module that a function stands in."""
    return function.module.functions.get("<module>", function)


# --- bare names -------------------------------------------------------------------------------


def binder(function: Function, name: str) -> Function | None:
    """The function whose local `name` is; None for globals and builtins."""
    scope: Function | None = function
    while scope is not None and scope.facts.name != "<module>":
        facts = scope.facts
        if name in facts.globals:
            return None
        if name in scope.bound and (scope is function or facts.name != "<class>"):
            return scope if name not in facts.free else _outer(scope, name)
        scope = scope.parent
    return None


def _outer(scope: Function, name: str) -> Function | None:
    """`nonlocal name`: bound here in the text, but the variable of an enclosing function."""
    up = scope.parent
    while up is not None:
        if name in up.bound and name not in up.facts.free:
            return up
        up = up.parent
    return scope


def lookup(function: Function, name: str) -> Terms:
    """What a bare name denotes in a function."""
    scope = binder(function, name)
    if scope is not None:
        return types.local(scope, name)
    return member(of(function), function.module, name)


# --- members of modules -----------------------------------------------------------------------


def member(tables: Tables, module: Module, name: str) -> Terms:
    """What `name` is in a module, builtins last."""
    found = own_member(tables, module, name)
    if found or name not in BUILTIN_NAMES:
        return found
    return one("class" if name in BUILTIN_CLASSES else "name", name)


def own_member(tables: Tables, module: Module, name: str) -> Terms:
    """What `name` is in a module: defined, imported, star-imported, or a submodule."""
    found = module.memory.get(name)
    if found is not None:
        return found
    key = (module.name, name)
    if key in tables.busy:
        return NOTHING
    tables.busy.add(key)
    try:
        found = _defined(tables, module, name)
        # Why: more may be known of an assignment when it is asked about again.
        if name not in tables.global_stores.get(module, ()) and (found or not module.stars):
            module.memory[name] = found
        return found or _starred(tables, module, name)
    finally:
        tables.busy.discard(key)


def _defined(tables: Tables, module: Module, name: str) -> Terms:
    found: set[Term] = set()
    if cls := module.classes.get(name):
        found |= one("class", cls.id)
    if function := module.functions.get(name):
        found |= one("function", function.id)
    if not found and (target := module.imports.get(name)):
        found |= resolve(tables, target, module)
    if name in tables.global_stores.get(module, ()):
        found |= types.global_variable(tables, module, name)
    if not found and (inner := tables.modules.get(f"{module.name}.{name}")):
        found |= one("module", inner.name)
    return frozenset(found)


def _starred(tables: Tables, module: Module, name: str) -> Terms:
    for source in module.stars:
        other = modules.find(tables, source, module)
        if other is None or other is module:
            continue
        public = name in other.facts.exports if other.facts.exports else not name.startswith("_")
        if public and (found := own_member(tables, other, name)):
            return found
    return NOTHING


def global_home(tables: Tables, module: Module, name: str) -> tuple[Module, str] | None:
    """The module and name of the global that `name` in `module` is, through imports."""
    for _ in range(8):
        if name in tables.global_stores.get(module, ()):
            return module, name
        target = module.imports.get(name, "")
        if not target:
            return _starred_home(tables, module, name)
        base, _, name = target.rpartition(".")
        other = modules.find(tables, base, module) if base else None
        if other is None:
            return None
        module = other
    return None


def _starred_home(tables: Tables, module: Module, name: str) -> tuple[Module, str] | None:
    for source in module.stars:
        other = modules.find(tables, source, module)
        if other is not None and name in tables.global_stores.get(other, ()):
            return other, name
    return None


# --- dotted names -----------------------------------------------------------------------------


def resolve(tables: Tables, dotted: str, origin: Module | None = None) -> Terms:
    """What an absolute dotted name denotes."""
    sibling = modules.find(tables, dotted, origin) if "." not in dotted else None
    if sibling is not None:
        return one("module", sibling.name)
    found = tables.named.get(dotted)
    if found is None:
        found = tables.named[dotted] = _resolve(tables, dotted, origin)
    return found


def _resolve(tables: Tables, dotted: str, origin: Module | None) -> Terms:
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        module = modules.find(tables, ".".join(parts[:end]), origin)
        if module is None:
            continue
        terms = one("module", module.name)
        for part in parts[end:]:
            terms = types.union(types.step(tables, term, part) for term in ordered(terms))
        if terms:
            return terms
        break
    return _elsewhere(tables, parts)


def _elsewhere(tables: Tables, parts: list[str]) -> Terms:
    """A name outside the files that were read: of the project (a guess), or of a library."""
    dotted = ".".join(parts)
    if parts[0] not in tables.packages:
        return one("name", tables.models.public(dotted))
    same_name = tables.exports.get((parts[0], parts[-1]), [])
    if len(same_name) == 1:
        tables.guessed.add(dotted)
        return frozenset(same_name)
    return one("name", dotted)
