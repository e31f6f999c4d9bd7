"""Event loops: who waits on a loop's own thread for what only this loop can do."""

from __future__ import annotations

from racecheck.facts.schema import Call, Value
from racecheck.program import calls, names
from racecheck.program.model import Function, Link

SUBMIT = "asyncio.run_coroutine_threadsafe"
_RUNNING = "asyncio.get_running_loop"
_CURRENT = frozenset({"asyncio.get_event_loop", _RUNNING})


def waits_for_itself(link: Link) -> Call | None:
    """The wait for a coroutine that this call gives to the loop of the very same thread."""
    function = link.caller
    loop = calls.argument(link.call, 1, "loop") if link.external == SUBMIT else None
    if loop is None or not _is_running_loop(function, loop):
        return None
    return _wait(function, link.call)


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
    if any(test.target == f"{path}.done" for test in function.tests(call.ctx)):
        return True
    return any(
        link.external == "asyncio.wrap_future" and link.call.seq < call.seq
        for link in function.calls
    )
