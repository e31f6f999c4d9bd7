"""What a coroutine waits for, and who else lives on its loop."""

from __future__ import annotations

from typing import Final

from racecheck.facts.schema import Call
from racecheck.program.model import Function, Link

_TIMERS: Final = frozenset({"asyncio.sleep", "tornado.gen.sleep"})
_STARTERS: Final = frozenset(
    {
        *("create_task", "ensure_future", "call_soon", "call_later", "call_at", "add_reader"),
        *("start_server", "create_server", "start_soon", "run_in_executor", "to_thread"),
        *("add_signal_handler", "call_soon_threadsafe", "create_connection", "open_connection"),
        *("asyncio.gather", "asyncio.wait", "asyncio.wait_for", "asyncio.as_completed"),
    }
)
"""Calls that put something else on the loop; what runs elsewhere reports back there."""

_MAKERS: Final = frozenset({"asyncio.new_event_loop", "uvloop.new_event_loop"})
"""`asyncio.run(main())` makes one, too: the program's own, on which more will live one day."""

_DEPTH: Final = 4


def held_by_timers(function: Function, depth: int = _DEPTH) -> bool:
    """Does the coroutine wait for the clock only, or not at all?

    The loop holds its timers, and a timer the task that waits for it: it cannot be collected. Nor
    can one that runs to its end in one step.
    """
    facts = function.facts
    waits = [point for point in facts.points if point.kind in ("await", "async with", "async for")]
    awaited = [link for link in function.calls if link.call.use == "await"]
    if depth == 0 or len(waits) != len(awaited) or any(w.kind != "await" for w in waits):
        return False
    return all(
        link.external in _TIMERS
        or (bool(link.targets) and all(held_by_timers(t, depth - 1) for t in link.targets))
        for link in awaited
    )


def is_alone(function: Function, depth: int = _DEPTH) -> bool:
    """Is the coroutine the only one on a loop that was made for it? Then it keeps nobody waiting.

    `loop = asyncio.new_event_loop(); loop.run_until_complete(self._watch())`, where neither it nor
    what it calls puts anything else on the loop.
    """
    if depth == 0 or not function.callers or function.escapes:
        return False
    return not _starts_something(function, set()) and all(
        _runs_it_alone(link)
        or (link.call.use == "await" and is_alone(link.caller, depth - 1))
        for link in function.callers
    )


def _runs_it_alone(made: Link) -> bool:
    """Is the coroutine made as the argument of a loop's `run`, by whoever made that loop?"""
    caller, call = made.caller, made.call
    given = call.use == "arg" and call.into.rpartition(".")[2] == "run_until_complete"
    own = any(link.external in _MAKERS for link in caller.calls)
    return given and own and not any(_starts(other) for other in caller.facts.calls)


def _starts_something(function: Function, seen: set[Function]) -> bool:
    seen.add(function)
    if any(_starts(call) for call in function.facts.calls):
        return True
    inner = (target for link in function.calls for target in link.targets)
    return any(_starts_something(target, seen) for target in inner if target not in seen)


def _starts(call: Call) -> bool:
    return call.path in _STARTERS or call.path.rpartition(".")[2] in _STARTERS


def does_nothing(function: Function) -> bool:
    """Is the body empty, so that nothing is missed when it does not run?"""
    facts = function.facts
    return not (facts.accesses or facts.calls or facts.points or facts.regions)
