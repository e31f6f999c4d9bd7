"""Functions that start a thread for somebody else: `spawn(job)`, decorators like `@threaded`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from racecheck.facts.schema import Param, Value
from racecheck.program import calls, names, types
from racecheck.program.decorators import surroundings
from racecheck.program.model import Function, Link
from racecheck.program.paths import root
from racecheck.program.tables import Tables, ordered

MAX_RELAYS = 3
"""Functions that may hand a target on before it is started."""


class Relayed(NamedTuple):
    """A function that is run elsewhere on behalf of a call (None for a decorated function)."""

    target: Function
    link: Link | None
    text: str


def index(tables: Tables) -> None:
    """Index the functions that each project function decorates."""
    for function in tables.program.functions.values():
        for value in function.facts.decorators:
            for term in ordered(types.infer(surroundings(function), value.text)):
                maker = tables.function(term) if term.kind == "function" else None
                if maker is not None:
                    tables.decorated.setdefault(maker, []).append(function)


def passed(tables: Tables, function: Function, value: Value, depth: int = 0) -> Iterator[Relayed]:
    """What callers (or uses as a decorator) give for a target that is a parameter here."""
    if value.kind != "path" or "." in value.text or depth >= MAX_RELAYS:
        return
    scope = names.binder(function, value.text)
    param = _parameter(tables, scope, value.text) if scope is not None else None
    if scope is None or param is None:
        return
    for maker in filter(None, (scope, scope.parent)):
        for decorated in tables.decorated.get(maker, ()):
            yield Relayed(decorated, None, f"@{maker.name}")
    for link in scope.callers:
        given = None if link.implicit else _given(link, scope, param)
        if given is None:
            continue
        targets = calls.callables(link.caller, given, link.call.line)
        for target in targets:
            yield Relayed(target, link, f"{link.call.path}({given.text or '...'})")
        if not targets:
            yield from passed(tables, link.caller, given, depth + 1)


def _parameter(tables: Tables, scope: Function, name: str) -> Param | None:
    """The parameter that a name is, perhaps by `func = args[0]`."""
    params = {param.name: param for param in scope.facts.params}
    if name in params:
        return params[name]
    for store in types.local_stores(tables, scope, name):
        value = store.access.value
        if value is not None and value.kind == "path" and value.text.endswith("[*]"):
            param = params.get(root(value.text))
            if param is not None and param.kind == "*":
                return param
    return None


def _given(link: Link, target: Function, param: Param) -> Value | None:
    if param.kind != "*":
        return dict(calls.bound_arguments(link.caller, link.call, target)).get(param.name)
    before = sum(p.kind == "pos" for p in target.facts.params) - calls.binds_receiver(
        link.caller, link.call.path, target
    )
    args = link.call.args
    return args[before] if 0 <= before < len(args) and not link.call.starred else None


def redirect(target: Function, wrapper: Function) -> None:
    """Callers of a decorated function run the wrapper; it alone runs the function, on a thread."""
    for link in target.callers:
        link.targets = tuple(wrapper if t is target else t for t in link.targets)
        wrapper.callers.append(link)
    target.callers = []
