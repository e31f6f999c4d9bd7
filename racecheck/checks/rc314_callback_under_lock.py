"""Code of somebody else is called while a lock is held."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.critical import thread_locks
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.facts import schema
from racecheck.program.model import Function, Held, Link

CODES = ("RC314",)

_LISTENERS = ("callback", "listener", "handler", "hook", "observer", "subscriber", "on_", "watcher")


def find(study: Study) -> Iterator[Finding]:
    """Calls of listeners and stored callbacks inside a critical section of this function."""
    for function in study.program.functions.values():
        if function.module.is_test or not function.facts.regions:
            continue
        for link in function.calls:
            if link.targets or link.external:
                continue
            what = _callback(function, link.call)
            held = thread_locks(study.locksets.local(function, link.call.ctx)) if what else ()
            if held and held[-1].lock.kind in ("lock", "rlock", "condition"):
                yield _finding(study, function, link, held[-1], what)
                break


def _callback(function: Function, call: schema.Call) -> str:
    """In words, whose code the call runs; "" when it is not known to be a callback."""
    path = call.path
    if path.startswith("self.") and path.count(".") == 1:
        name = path[5:]
        return f"`{path}`" if _callback_name(name) and _is_stored(function, name) else ""
    if "." in path or "[" in path or "(" in path:
        return ""
    source = _iterated(function, call)
    if source and _callback_name(source.rpartition(".")[2]):
        return f"every element of `{source}`"
    return ""


def _callback_name(name: str) -> bool:
    lowered = name.lower().lstrip("_")
    return any(word in lowered for word in _LISTENERS)


def _is_stored(function: Function, name: str) -> bool:
    """Is the attribute a stored value (from a parameter), and no method?"""
    cls = function.cls
    if cls is None or cls.find_method(name) is not None:
        return False
    for owner in cls.mro:
        for method in owner.methods.values():
            params = {p.name for p in method.facts.params}
            for access in method.facts.accesses:
                value = access.value
                if access.path == f"self.{name}" and value is not None and value.kind == "path":
                    if value.text in params:
                        return True
    return False


def _iterated(function: Function, call: schema.Call) -> str:
    """The path that the loop around this call walks, when the callee is its variable."""
    index = function.facts.contexts[call.ctx].loop
    if index < 0 or call.path not in function.facts.locals:
        return ""
    path = function.facts.loops[index].iterates
    path = path.removesuffix("()").removesuffix(".values").removesuffix(".items")
    return path if path.startswith("self.") else ""


def _finding(study: Study, function: Function, link: Link, held: Held, what: str) -> Finding:
    name = held.lock.name
    again = "" if held.lock.reentrant else " or take the lock again and hang"
    call = Step(
        "call",
        function.place(link.call.line, link.call.path),
        function.label,
        held=(name,),
        note=f"runs {what}: code that this class does not know",
    )
    taken = Step("acquire", function.place(held.line, f"{held.base}.{name.rpartition('.')[2]}"),
                 function.label, note=f"`{name}` is taken here")  # fmt: skip
    return study.finding(
        "RC314",
        name,
        f"Callback {what} runs while `{name}` is held",
        [call, taken],
        confidence=Confidence.POSSIBLE if held.lock.reentrant else Confidence.LIKELY,
        severity=Severity.WARNING,
        evidence=[f"the callback may wait for another thread that needs `{name}`{again}"],
    )
