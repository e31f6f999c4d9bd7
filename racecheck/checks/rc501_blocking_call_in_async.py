"""RC501: a coroutine makes a call that blocks its event loop."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import coroutines, loops
from racecheck.analyses.suite import Study
from racecheck.catalog.models import BlockingModel
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call, Value
from racecheck.program.model import Function, Link

CODES = ("RC501",)
_NO_LIMIT = frozenset({"queue.Queue.put", "queue.LifoQueue.put", "queue.PriorityQueue.put"})
_READY = frozenset({"result", "exception"})
_AWAITERS = frozenset(
    {
        "wait_for", "gather", "shield", "create_task", "ensure_future", "run_coroutine_threadsafe",
        "wait", "timeout",
    }
)  # fmt: skip
"""What is passed to these is a coroutine: an object of another class than the base's."""
_NOT_BLOCKING = frozenset({"0", "0.0", "False"})


def find(study: Study) -> Iterator[Finding]:
    """Blocking calls that stand directly in a coroutine function."""
    for function in study.program.functions.values():
        if not function.facts.is_async or function.module.is_test:
            continue
        for link in function.calls:
            row = study.models.blocking.get(link.external)
            if row is not None and _blocks(link, row) and not coroutines.is_alone(function):
                yield _report(study, link, row)


def _blocks(link: Link, row: BlockingModel) -> bool:
    call = link.call
    if row.tier != "critical" or call.use == "await" or link.implicit or link.targets:
        return False
    if link.external.startswith("asyncio.") or link.external in _NO_LIMIT:
        return False
    if call.use == "arg" and call.into.rpartition(".")[2] in _AWAITERS:
        return False
    if any(_is_zero(value) for value in _values(call)) or _is_numeric(link):
        return False
    if row.unless_argument and any(name == row.unless_argument for name, _ in call.keywords):
        return row.unless_argument == "timeout"
    if call.path.rpartition(".")[2] in _READY and _is_done(link.caller, link):
        return False
    return not _is_asked_first(link) and not _is_own_loop(link)


def _is_asked_first(link: Link) -> bool:
    """`while not q.empty(): q.get()`: nothing to wait for, with one consumer."""
    asked = (f"{link.receiver}.empty", f"{link.receiver}.qsize")
    return any(test.target in asked for test in link.caller.tests(link.call.ctx))


def _is_own_loop(link: Link) -> bool:
    """Worse than blocking: RC510 says so."""
    waits = [loops.waits_for_itself(other) for other in link.caller.calls]
    return any(wait is link.call for wait in waits)


def _values(call: Call) -> Iterator[Value]:
    yield from call.args
    for name, value in call.keywords:
        if name in ("timeout", "block", "blocking"):
            yield value


def _is_zero(value: Value) -> bool:
    """`sleep(0)`, `get(block=False)`, `wait(0)`: gives control back at once."""
    return value.kind == "const" and value.text in _NOT_BLOCKING


def _is_numeric(link: Link) -> bool:
    """`getaddrinfo` with flags, AI_NUMERICHOST in most cases, asks nobody."""
    flags = len(link.call.args) > 5 or any(name == "flags" for name, _ in link.call.keywords)
    return link.external == "socket.getaddrinfo" and flags


def _is_done(function: Function, link: Link) -> bool:
    """Has the coroutine made sure before that the future is done?"""
    receiver = link.receiver
    for other in function.calls:
        if other.call.seq >= link.call.seq:
            continue
        if other.call.path == f"{receiver}.done" or "wait" in other.call.path:
            return True
        if any(value.text == receiver for value in other.call.args):
            return True
    return "()" not in receiver and any(
        a.path == receiver and a.via in ("for", "") and a.kind == "write" and a.value is None
        for a in function.facts.accesses
    )


def _report(study: Study, link: Link, row: BlockingModel) -> Finding:
    function, call = link.caller, link.call
    step = Step(
        "block",
        function.place(call.line, call.path),
        function.label,
        "event loop",
        note=f"{row.what}; no other task of this loop runs meanwhile",
    )
    return study.finding(
        "RC501",
        function.label,
        f"`{call.path}()` blocks the event loop in the coroutine `{function.label}`",
        [step],
        evidence=[f"`{link.external}` {row.what}"],
    )
