"""RC510: the thread of an event loop waits for what only this loop can do."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call, Value
from racecheck.program import calls, names
from racecheck.program.model import Function, Link

CODES = ("RC510",)
_SUBMIT = "asyncio.run_coroutine_threadsafe"
_RUNNING = "asyncio.get_running_loop"
_CURRENT = frozenset({"asyncio.get_event_loop", _RUNNING})


def find(study: Study) -> Iterator[Finding]:
    """Waits for a coroutine that was given to the running loop."""
    for function in study.program.functions.values():
        for link in function.calls:
            if link.external != _SUBMIT:
                continue
            loop = calls.argument(link.call, 1, "loop")
            if loop is None or not _is_running_loop(function, loop):
                continue
            if (wait := _wait(function, link.call)) is not None:
                yield _report(study, link, wait)


def _is_running_loop(function: Function, value: Value) -> bool:
    """Is it the loop of this very thread? `get_event_loop()` is, inside a coroutine."""
    if value.kind == "call":
        name = names.qualify(function, value.text)
        return name == _RUNNING or (name in _CURRENT and function.facts.is_async)
    if value.kind != "path" or not value.text.isidentifier():
        return False
    stores = [a for a in function.facts.accesses if a.path == value.text and a.kind == "write"]
    return bool(stores) and all(
        a.value is not None and a.value.kind == "call" and _is_running_loop(function, a.value)
        for a in stores
    )


def _wait(function: Function, submit: Call) -> Call | None:
    """`result()` on the future that the submission gave."""
    if submit.use == "chain":
        path = f"{submit.path}()"
    elif submit.use == "bind" and submit.into.isidentifier():
        path = submit.into
    else:
        return None
    waiting = {f"{path}.result", f"{path}.exception"}
    for call in function.facts.calls:
        if call.seq > submit.seq and call.path in waiting:
            return None if _is_done(function, call, path) else call
    return None


def _is_done(function: Function, call: Call, path: str) -> bool:
    """`if future.done(): future.result()`, and an await of the wrapped future before."""
    tests = [function.facts.tests[abs(t) - 1] for t in function.context(call.ctx).tests]
    if any(t.target == f"{path}.done" for t in tests):
        return True
    return any(
        link.external == "asyncio.wrap_future" and link.call.seq < call.seq
        for link in function.calls
    )


def _report(study: Study, link: Link, wait: Call) -> Finding:
    function, submit = link.caller, link.call
    steps = [
        Step(
            "wait",
            function.place(wait.line, f".{wait.path.rpartition('.')[2]}("),
            function.label,
            "event loop",
            note="blocks the thread of the loop",
        ),
        Step(
            "submit",
            function.place(submit.line, submit.path),
            function.label,
            "event loop",
            note="the loop can run this only when its thread is free",
        ),
    ]
    return study.finding(
        "RC510",
        function.label,
        "the event loop waits for a coroutine that only it could run",
        steps,
        evidence=["the coroutine is given to the loop of the running thread"],
    )
