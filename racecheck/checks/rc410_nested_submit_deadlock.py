"""RC410: a task of a pool waits for another task of the same pool."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.named import by_function
from racecheck.analyses.reach import Way, ways_to
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call
from racecheck.program import names, states
from racecheck.program.model import Function, Link, RoleKind

CODES = ("RC410",)
_POOLS = (
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.Executor",
    "multiprocessing.pool.ThreadPool",
)
_WAITING_METHODS = frozenset({"apply", "starmap"})
_METHODS = _WAITING_METHODS | {"submit", "apply_async", "map", "imap"}
_CALLS = frozenset(f"{pool}.{method}" for pool in _POOLS for method in _METHODS)
_WAITS = frozenset({"result", "get", "exception"})
_READERS = frozenset({"list", "tuple", "set", "sum", "dict", "sorted", "max", "min", "any", "all"})


def find(study: Study) -> Iterator[Finding]:
    """Waits for a pool inside functions that run on the same pool."""
    for function, submits in by_function(study.calls.of(_CALLS)).items():
        ways = list(ways_to(study.program, function, frozenset({RoleKind.POOL})))
        for link in submits:
            wait = _wait(function, link)
            pool = _identity(function, link.receiver)
            if wait is None or pool is None:
                continue
            for way in ways:
                if _pool_of(study, way) == pool:
                    yield _report(study, link, wait, way)
                    break


def _wait(function: Function, link: Link) -> Call | None:
    """The call that waits for what was submitted, without a time limit."""
    call, method = link.call, link.external.rpartition(".")[2]
    if method in _WAITING_METHODS or (method == "map" and link.external.startswith("multi")):
        return call
    if method in ("map", "imap"):
        return call if call.use == "iter" or call.into in _READERS else None
    if call.use == "chain":
        waiting = {f"{call.path}().{name}" for name in _WAITS}
    elif call.use == "bind" and call.into:
        waiting = {f"{call.into}.{name}" for name in _WAITS}
    else:
        return None
    return next(
        (
            other
            for other in function.facts.calls
            if other.seq > call.seq and other.path in waiting and not _has_limit(other)
        ),
        None,
    )


def _has_limit(call: Call) -> bool:
    return bool(call.args) or any(name == "timeout" for name, _ in call.keywords)


def _identity(function: Function, path: str) -> object:
    """Which pool a path denotes: an attribute, a global or a captured variable."""
    found = states.locate(function, path) if path else None
    if found is not None:
        return found[0]
    scope = names.binder(function, path) if path.isidentifier() else None
    return (scope.id, path) if scope is not None else None


def _pool_of(study: Study, way: Way) -> object:
    """The pool that the entry was submitted to."""
    starter = study.program.functions.get(way.entry.starts)
    if starter is None:
        return None
    link = next((x for x in starter.calls if x.call.seq == way.entry.call and not x.implicit), None)
    return _identity(starter, link.receiver) if link is not None else None


def _report(study: Study, link: Link, wait: Call, way: Way) -> Finding:
    function = link.caller
    pool = link.receiver
    submit = Step(
        "submit",
        function.place(link.call.line, link.call.path),
        function.label,
        way.entry.how,
        note=f"needs a free worker of `{pool}`",
    )
    waiting = Step(
        "wait",
        function.place(wait.line, wait.path),
        function.label,
        way.entry.how,
        note="keeps its own worker meanwhile",
    )
    steps = [waiting, submit] if wait is not link.call else [waiting]
    return study.finding(
        "RC410",
        pool,
        f"a task of `{pool}` waits for another task of `{pool}`",
        [*steps, *way.steps],
        evidence=[
            f"`{function.label}` runs on the pool: {way.entry.how} at {way.entry.place}",
            "when every worker waits here, nobody is left to do the work",
        ],
    )
