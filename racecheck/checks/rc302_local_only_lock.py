"""RC302: a local lock that never leaves the function that takes it."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access, Region
from racecheck.program import names
from racecheck.program.model import Function

CODES = ("RC302",)

_OWN_USES = frozenset({"with", ".acquire()", ".release()"})
_LOOKERS = frozenset({"locals", "vars", "exec", "eval"})


def find(study: Study) -> Iterator[Finding]:
    """Regions on names that hold a fresh lock and are used for nothing else."""
    for function in study.program.functions.values():
        facts = function.facts
        if facts.name in ("<module>", "<class>") or not facts.regions or function.module.is_test:
            continue
        params = {param.name for param in facts.params}
        own = set(facts.locals) - params - set(facts.free) - set(facts.globals)
        taken = {r.path: r for r in reversed(facts.regions) if r.path in own}
        for name, region in taken.items():
            made = _made(study, function, name)
            if made and _stays(function, name) and _guards_something(function, name):
                yield _report(study, function, region, made)


def _made(study: Study, function: Function, name: str) -> list[Access]:
    """The stores of the name, if all of them are new locks; else nothing."""
    stores = [a for a in function.facts.accesses if a.path == name and a.kind != "read"]
    return stores if all(_is_new_lock(study, function, a) for a in stores) else []


def _is_new_lock(study: Study, function: Function, access: Access) -> bool:
    value = access.value
    if access.kind != "write" or access.via != "=" or value is None or value.kind != "call":
        return False
    model = study.models.locks.get(names.qualify(function, value.text))
    if model is None or model.kind in ("file", "rwlock") or model.scope == "machine":
        return False
    return not (model.kind == "condition" and _has_arguments(function, access))


def _has_arguments(function: Function, access: Access) -> bool:
    """Is it made over another lock?"""
    calls = [c for c in function.facts.calls if c.line == access.line and c.into == access.path]
    return not calls or any(c.args or c.keywords or c.starred for c in calls)


def _stays(function: Function, name: str) -> bool:
    """Is the name never passed on, stored, returned or captured?"""
    for access in function.facts.accesses:
        if access.path == name and access.kind != "write" and access.via not in _OWN_USES:
            return False
        if access.path.startswith(f"{name}.") and access.via != "()":
            return False
        if name in access.sources and access.path != name:
            return False
    if any(call.path in _LOOKERS for call in function.facts.calls):
        return False
    return not _captured(function, name)


def _captured(function: Function, name: str) -> bool:
    return any(
        name in inner.facts.free or _captured(inner, name) for inner in function.nested.values()
    )


def _guards_something(function: Function, name: str) -> bool:
    """Is there a use of state or a call in the section? Else the lock itself is tried out."""
    facts = function.facts
    own = {i for i, region in enumerate(facts.regions) if region.path == name}
    inside = {i for i, context in enumerate(facts.contexts) if own & set(context.held)}
    if any(c.ctx in inside and not c.path.startswith(f"{name}.") for c in facts.calls):
        return True
    return any(a.ctx in inside and a.path != name for a in facts.accesses)


def _report(study: Study, function: Function, region: Region, made: list[Access]) -> Finding:
    name = region.path
    value = made[0].value
    maker = value.text if value else "Lock"
    steps = [
        Step(
            "lock",
            function.place(region.line, name),
            function.label,
            note="takes a lock that no other call of this function can see",
        ),
        Step(
            "made", function.place(made[0].line, name), function.label, note="a new lock per call"
        ),
    ]
    return study.finding(
        "RC302",
        f"{function.label}.{name}",
        f"`{name} = {maker}()` never leaves `{function.name}`, so it excludes nobody",
        steps,
    )
