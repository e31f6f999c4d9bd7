"""Branches that a call rules out because it gives the parameter they ask about a constant.

`run(command, wait=False)` does not come to what `run` does under `if wait:`. Defaults count as
given; a parameter that the function assigns itself says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from racecheck.analyses.constants import is_none, truth
from racecheck.facts.schema import Param, Value
from racecheck.program import calls, decorators, types
from racecheck.program.model import Entry, Function, Link, Program
from racecheck.program.tables import of

Known = Mapping[str, Value]
"""Parameters of a function and the constants they hold."""

_NOTHING: Final[Known] = {}


def given(link: Link, target: Function, known: Known = _NOTHING) -> Known:
    """The constants that this call of `target` passes; known: those of the caller's parameters."""
    path = target.name if link.constructs else link.call.path
    if link.implicit or not _is_named(path, target):
        return _NOTHING
    bound = dict(calls.bound_arguments(link.caller, link.call, target))
    found = {name: _constant(value, known) for name, value in bound.items()}
    if not link.call.starred:
        found.update({p.name: _default(p) for p in target.facts.params if p.name not in bound})
    return kept(target, ((name, value) for name, value in found.items() if value is not None))


def at_start(program: Program, entry: Entry) -> Known:
    """The constants that `Thread(target=.., args=.., kwargs=..)` passes to what it runs."""
    target, starter = program.functions[entry.function], program.functions.get(entry.starts)
    if starter is None:
        return _NOTHING
    call = starter.starting(entry)
    where = calls.argument(call, -1, "target") if call is not None else None
    if call is None or where is None or not _is_named(where.text, target):
        return _NOTHING
    found: dict[str, Value] = {}
    args, options = (calls.argument(call, -1, name) for name in ("args", "kwargs"))
    if args is not None and args.kind == "tuple":
        names = [p.name for p in target.facts.params if p.kind == "pos"]
        bound = calls.binds_receiver(starter, where.text, target)
        found.update(zip(names[bound:], args.parts, strict=False))
    if options is not None and options.kind == "dict":
        names = [part.text for part in options.parts[::2]]
        found.update(zip(names, options.parts[1::2], strict=True))
    return kept(target, ((name, v) for name, v in found.items() if v.kind == "const"))


def kept(target: Function, found: Iterable[tuple[str, Value]]) -> Known:
    """Without those that the function assigns itself."""
    tables = of(target)
    return {name: v for name, v in found if not types.local_stores(tables, target, name)}


def _is_named(path: str, target: Function) -> bool:
    """Does neither a decorator nor a `partial` stand between the arguments and the parameters?"""
    direct = path.rpartition(".")[2] == target.name
    return direct and not decorators.changes(target)


def _constant(value: Value, known: Known) -> Value | None:
    if value.kind == "path":
        return known.get(value.text)
    return value if value.kind == "const" else None


def _default(param: Param) -> Value | None:
    plain = param.default in ("True", "False", "None")
    return Value("const", param.default) if plain and param.kind in ("pos", "kw") else None


def excludes(known: Known, function: Function, ctx: int) -> bool:
    """Does a test around this place fail with these arguments?"""
    if not known or ctx < 0:
        return False
    return any(
        _outcome(function.facts.tests[abs(number) - 1].shape, value) is (number < 0)
        for number in function.context(ctx).tests
        if (value := known.get(function.facts.tests[abs(number) - 1].target)) is not None
    )


def _outcome(shape: str, value: Value) -> bool | None:
    """What a test says of a constant; None when that is not known."""
    if shape in ("is None", "is not None"):
        return is_none(value) is (shape == "is None")
    result = truth(value)
    if shape == "truth" or result is None:
        return result
    return not result if shape == "not" else None


def blocked(
    start: Function, known: Known, trail: tuple[Link, ...], end: Function, ctx: int
) -> bool:
    """Is the way from `start` through these calls to a place in `end` ruled out?"""
    function = start
    for index, link in enumerate(trail):
        if not known:
            return False
        if excludes(known, function, link.call.ctx):
            return True
        function = trail[index + 1].caller if index + 1 < len(trail) else end
        known = given(link, function, known)
    return excludes(known, function, ctx)
