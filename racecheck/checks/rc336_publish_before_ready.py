"""RC336: an event that is set before the state it announces is stored."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import waits
from racecheck.analyses.suite import Study
from racecheck.analyses.wakeups import Signal
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access
from racecheck.program.model import Function, StateId

CODES = ("RC336",)

_ANNOUNCE = frozenset({"set", "set_result"})
_AWAIT = frozenset({"wait", "result"})
_SYNCHRONISE = frozenset({"join", "wait", "wait_for", "get", "result", "acquire", "exception"})
_RESETS = frozenset({"None", "False", "0", "''", '""', "True", "..."})


def find(study: Study) -> Iterator[Finding]:
    """Stores behind an announcement on a thread, which a waiter reads directly after its wait."""
    for sent in study.signals:
        if not sent.sends or sent.method not in _ANNOUNCE or not sent.function.entries:
            continue
        late = dict(_stored_late(sent))
        if not late:
            continue
        for waiter in study.signals:
            awaits = waiter.method in _AWAIT and waiter.key == sent.key and not waiter.sends
            read = (
                _read_after(waiter, late)
                if awaits and waiter.function is not sent.function
                else None
            )
            if read is not None:
                yield _report(study, sent, late[read[0]], waiter, read)
                break


def _stored_late(sent: Signal) -> Iterator[tuple[StateId, Access]]:
    """States that the function stores after the announcement and not before it."""
    function = sent.function
    here = function.context(sent.call.ctx)
    if here.loop >= 0:
        return
    stores = [a for a in function.facts.accesses if a.kind in ("write", "update", "mutate")]
    before = {waits.state_of(function, a) for a in stores if a.seq < sent.call.seq}
    for access in stores:
        context = function.context(access.ctx)
        straight = context.tests[: len(here.tests)] == here.tests and context.loop < 0
        if access.seq < sent.call.seq or not straight or context.part == "except":
            continue
        state = waits.state_of(function, access)
        if state is not None and state not in before and not _resets(access):
            yield state, access


def _resets(access: Access) -> bool:
    value = access.value
    empty = value is not None and value.kind in ("list", "dict", "set", "tuple") and not value.text
    constant = value is not None and value.kind == "const" and value.text in _RESETS
    return access.kind != "write" or empty or constant


def _read_after(waiter: Signal, late: dict[StateId, Access]) -> tuple[StateId, Access] | None:
    """A read of such a state behind the wait, with no other synchronisation in between."""
    function: Function = waiter.function
    start = waiter.call.seq
    others = [
        call.seq
        for call in function.facts.calls
        if call.seq > start and call.path.rpartition(".")[2] in _SYNCHRONISE
    ]
    end = min(others, default=function.facts.accesses[-1].seq + 1 if function.facts.accesses else 0)
    for state, access in waits.reads(function, start, end):
        if state in late:
            return state, access
    return None


def _report(
    study: Study, sent: Signal, store: Access, waiter: Signal, read: tuple[StateId, Access]
) -> Finding:
    function, other = sent.function, waiter.function
    state, access = read
    steps = [
        Step(
            "signal",
            function.place(sent.call.line, f"{sent.path}.{sent.method}"),
            function.label,
            note=f"announces it before `{store.path}` is stored",
        ),
        Step("write", function.place(store.line, store.path), function.label, note="stored late"),
        Step(
            "read",
            other.place(access.line, access.path),
            other.label,
            note=f"read after `{waiter.path}.{waiter.method}()`, perhaps before the store",
        ),
    ]
    return study.finding(
        "RC336",
        state.label,
        f"`{sent.path}.{sent.method}()` announces `{state.label}` before it is stored",
        steps,
    )
