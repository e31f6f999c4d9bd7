"""RC325: locks, events and their methods used as values where a call was meant."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access, Test
from racecheck.program import names, states, types
from racecheck.program.model import Function

CODES = ("RC325",)

_LOCK = frozenset({"acquire", "release", "locked"})
_QUEUE = frozenset({"empty", "full", "get", "put", "qsize", "task_done", "join"})
_METHODS = {
    "threading.Event": frozenset({"is_set", "set", "clear", "wait"}),
    "asyncio.Event": frozenset({"is_set", "set", "clear", "wait"}),
    "multiprocessing.Event": frozenset({"is_set", "set", "clear", "wait"}),
    "threading.Thread": frozenset({"is_alive", "start", "join"}),
    "threading.Condition": _LOCK | {"wait", "notify", "notify_all"},
    "queue.Queue": _QUEUE,
    "concurrent.futures.Future": frozenset({"done", "cancelled", "running", "result", "cancel"}),
    "asyncio.Task": frozenset({"done", "cancelled", "result", "cancel"}),
}
_METHOD_LOCKED = frozenset({"threading", "_thread", "asyncio", "multiprocessing", "trio", "anyio"})
_BARE = frozenset({"", "truth"})
"""`Access.via` of a check where the object itself is the condition, or part of one."""

_EVENTS = frozenset({"threading.Event", "asyncio.Event", "multiprocessing.Event"})


def find(study: Study) -> Iterator[Finding]:
    """Methods without a call, as a statement or a condition, and conditions that are locks."""
    for function in study.program.functions.values():
        for access in function.facts.accesses:
            if access.via == "statement" and (kind := _method_of(study, function, access.path)):
                yield _forgotten(study, function, access, kind, "does nothing: the call is missing")
        checks = [a for a in function.facts.accesses if a.kind == "check" and a.via in _BARE]
        for test in function.facts.tests if checks else ():
            if test.kind not in ("assert", "match"):
                yield from _condition(study, function, test, checks)


def _condition(
    study: Study, function: Function, test: Test, checks: list[Access]
) -> Iterator[Finding]:
    for access in checks:
        if test.first <= access.seq < test.last and _is_value(access, test):
            if kind := _method_of(study, function, access.path):
                note = "is always true: the call is missing"
                yield _forgotten(study, function, access, kind, note)
            elif kind := _always_lock(study, function, access):
                yield _truth(study, function, access, kind)


def _is_value(access: Access, test: Test) -> bool:
    """Is the object itself the condition, or an operand of `and`, `or`, `not` in it?"""
    return access.via == "truth" or test.shape == "mixed"


def _method_of(study: Study, function: Function, path: str) -> str:
    """Type of the receiver, if `path` surely is a method of a synchronisation object."""
    receiver, _, method = path.rpartition(".")
    kinds = types.of(function, receiver) if receiver else frozenset()
    if not kinds or not all(method in _methods(study, kind) for kind in kinds):
        return ""
    return sorted(kinds)[0]


def _methods(study: Study, kind: str) -> frozenset[str]:
    if kind in _METHODS:
        return _METHODS[kind]
    model = study.models.locks.get(kind)
    if model is None or model.kind not in ("lock", "rlock", "semaphore"):
        return frozenset()
    # In other libraries `locked` may be a plain attribute (twisted's DeferredLock).
    return _LOCK if kind.partition(".")[0] in _METHOD_LOCKED else _LOCK - {"locked"}


def _always_lock(study: Study, function: Function, access: Access) -> str:
    """Type of the lock or event, if nothing else is ever stored there."""
    if access.via != "truth":
        return ""
    found = states.of(function, access)
    state = study.program.states.get(found[0]) if found else None
    if state is None or state.guess or len(state.types) != 1:
        return ""
    (kind,) = state.types
    model = study.models.locks.get(kind)
    is_lock = model is not None and model.kind in ("lock", "rlock", "condition", "semaphore")
    if not is_lock and kind not in _EVENTS:
        return ""
    stores = [use for use in state.uses if use.access.kind not in ("read", "check", "iterate")]
    made = all(
        use.access.kind == "write"
        and use.access.value is not None
        and use.access.value.kind == "call"
        and names.qualify(use.function, use.access.value.text) == kind
        for use in stores
        if use.access.kind != "mutate"
    )
    return kind if stores and made else ""


def _forgotten(study: Study, function: Function, access: Access, kind: str, note: str) -> Finding:
    path = access.path
    step = Step("read", function.place(access.line, path), function.label, note=note)
    return study.finding(
        "RC325",
        path,
        f"`{path}` is a method of `{kind}` and is not called",
        [step],
        help=f"write `{path}()`",
    )


def _truth(study: Study, function: Function, access: Access, kind: str) -> Finding:
    path = access.path
    step = Step("read", function.place(access.line, path), function.label, note="is always true")
    ask = "is_set" if kind in _EVENTS else "locked"
    return study.finding(
        "RC325",
        path,
        f"`{path}` is a `{kind}` and is always true",
        [step],
        help=f"write `{path}.{ask}()` if its state is meant",
    )
