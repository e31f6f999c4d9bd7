"""Shared state: which attribute, global or captured local an access is to."""

from __future__ import annotations

from racecheck.facts.schema import CHANGES, Access
from racecheck.program import classes, names, types
from racecheck.program.model import Class, Function, Module, State, StateId, Use
from racecheck.program.paths import split
from racecheck.program.tables import Tables, Term
from racecheck.program.tables import of as tables_of

_NO_STATE = frozenset(("__all__", "__slots__", "__doc__", "__version__", "__class__", "__dict__"))

Location = tuple[StateId, str]


def of(function: Function, access: Access) -> Location | None:
    """The state an access is to, and the path of the object it is reached through; None if unknown.

    Methods, properties, classes, modules and functions are no states, nor are locals nobody
    captures.
    """
    return locate(function, access.path)


def locate(function: Function, path: str) -> Location | None:
    """The state that a path denotes."""
    places = function.places
    if path not in places:
        places[path] = _locate(tables_of(function), function, path)
    return places[path]


def _locate(tables: Tables, function: Function, path: str) -> Location | None:
    prefix, last = split(path)
    if not last:
        return _bare(tables, function, path)
    if last[0] in "([":
        return None
    terms = types.infer(function, prefix)
    if len(terms) == 1:
        (term,) = terms
        return _of_term(tables, term, prefix, last)
    found = {_of_term(tables, term, prefix, last) for term in terms}
    return found.pop() if len(found) == 1 else None


def _bare(tables: Tables, function: Function, name: str) -> Location | None:
    if function.facts.name == "<class>" and function.cls is not None:
        known = name in tables.stores.get(function.cls, ())
        state = _attribute(tables, function.cls, name) if known else None
        return (state, "") if state else None
    scope = names.binder(function, name)
    if scope is not None:
        if scope.nested and name in captured(tables, scope):
            return StateId("cell", scope.id, name), ""
        return None
    return _global(tables, function.module, name)


def _global(tables: Tables, module: Module, name: str) -> Location | None:
    home = names.global_home(tables, module, name)
    if home is None or home[1] in _NO_STATE:
        return None
    return StateId("global", home[0].name, home[1]), ""


def captured(tables: Tables, scope: Function) -> frozenset[str]:
    """Locals of a function that nested functions use."""
    found = tables.captured.get(scope)
    if found is None:
        seen: set[str] = set()
        work = list(scope.nested.values())
        while work:
            nested = work.pop()
            seen.update(nested.facts.free)
            work.extend(nested.nested.values())
        found = tables.captured[scope] = frozenset(seen.intersection(scope.facts.locals))
    return found


def _of_term(tables: Tables, term: Term, base: str, name: str) -> Location | None:
    if term.kind == "module":
        return _global(tables, tables.program.modules[term.name], name)
    if term.kind not in ("instance", "class", "super"):
        return None
    cls = tables.project_class(term.name)
    if cls is None:
        return None
    key = (cls, name)
    if key not in tables.states:
        tables.states[key] = _attribute(tables, cls, name)
    state = tables.states[key]
    if state is None:
        return None
    return state, base if state.kind == "attribute" else ""


def _attribute(tables: Tables, cls: Class, name: str) -> StateId | None:
    if name in _NO_STATE or not _is_plain(tables, cls, name):
        return None
    owner = classes.owner_of(tables, cls, name)
    level = is_class_level(tables, owner, name)
    return StateId("class attribute" if level else "attribute", owner.id, name)


def _is_plain(tables: Tables, cls: Class, name: str) -> bool:
    """Is `name` an attribute, and not a method, a property or a nested class?"""
    related = (*cls.mro, *cls.subclasses)
    if any(name in tables.stores.get(c, ()) for c in related):
        return True
    if any(name in c.methods for c in related):
        return False
    return not any(f"{c.facts.qualname}.{name}" in c.module.classes for c in cls.mro)


def is_class_level(tables: Tables, owner: Class, name: str) -> bool:
    """Is there one value for all instances? Bound in the class, and never through an instance."""
    key = (owner, name)
    found = tables.class_level.get(key)
    if found is None:
        found = tables.class_level[key] = _is_class_level(tables, owner, name)
    return found


def _is_class_level(tables: Tables, owner: Class, name: str) -> bool:
    bound = False
    for cls in (owner, *owner.subclasses):
        for function, access in tables.stores.get(cls, {}).get(name, ()):
            if access.kind == "mutate":
                continue
            receiver = tables.receivers.get(function)
            if receiver is not None and not receiver.is_class and function.name != "<class>":
                return False
            attribute = cls.attributes.get(name)
            bound = bound or attribute is None or attribute.class_level or receiver is not None
    return bound


# --- all uses ---------------------------------------------------------------------------------


def connect(tables: Tables) -> None:
    """Fill `Program.states` with every access to a known state."""
    states = tables.program.states
    for function in tables.program.functions.values():
        places = function.places
        for access in function.facts.accesses:
            path = access.path
            location = places[path] if path in places else locate(function, path)
            if location is None:
                continue
            id, base = location
            state = states.get(id)
            if state is None:
                state = states[id] = State(id)
            state.uses.append(Use(function, access, base))
    for state in list(states.values()):
        if state.id.kind == "cell" and not _is_shared_cell(state):
            del states[state.id]
        else:
            _describe(tables, state)


def _is_shared_cell(state: State) -> bool:
    """Is the variable changed by a nested function, or by its owner when one may see it?"""
    inner = [use for use in state.uses if use.function.id != state.id.owner]
    changes = [use for use in state.uses if use.access.kind in CHANGES]
    return bool(inner) and (any(u in inner for u in changes) or len(changes) > 1)


def _describe(tables: Tables, state: State) -> None:
    """Types and declared guard of a state, from the attribute or global that it is."""
    kind, owner, name = state.id.kind, state.id.owner, state.id.name
    if kind == "cell":
        scope = tables.program.functions[owner]
        terms, sure = types.stored(tables, types.local_stores(tables, scope, name))
        terms = terms or types.local(scope, name)
        state.types = frozenset(term.name for term in terms if term.kind == "instance")
        state.guess = not sure
        return
    if kind == "global":
        attribute = tables.program.modules[owner].globals.get(name)
        found = [attribute] if attribute else []
    else:
        cls = tables.program.classes[owner]
        found = [c.attributes[name] for c in (cls, *cls.subclasses) if name in c.attributes]
    state.types = frozenset().union(*(a.types for a in found))
    state.guess = not found or any(a.guess for a in found)
    state.guarded_by = next((a.guarded_by for a in found if a.guarded_by), "")
