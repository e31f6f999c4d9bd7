"""Who waits for whom, when nobody can go on."""

from __future__ import annotations

from typing import Any, Final

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.explore.control.agents import Agent
from racecheck.explore.control.controller import Controller
from racecheck.explore.outcome import Blocked
from racecheck.runtime.hang_report import of_cycle, of_hang
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.threads import ThreadState, threads
from racecheck.runtime.waitgraph import Hang, cycles
from racecheck.runtime.waits import Wait

HANG: Final = "RC440"


def blocked_of(controller: Controller, *, body_done: bool) -> tuple[Blocked, ...]:
    """All that wait for ever; nothing if that is only what a test leaves behind.

    After the body is done threads may wait for work that never comes: that is a leak at most. Then
    only those count that wait in a circle of locks.
    """
    states = {state.ident: state for state in threads.alive.values()}
    found = [
        (one, states.get(one.ident))
        for one in controller.agents
        if one.ready is not None and one.deadline is None
    ]
    blocked: list[Blocked] = []
    for one, state in found:
        if state is not None:
            tasks = one.blocked() if one.blocked is not None else []
            blocked += tasks or [_blocked(one, state, controller)]
    if not body_done:
        return tuple(one for one in blocked if one.kind != "exit")
    return tuple(one for one in blocked if _in_circle(one, blocked))


def told(blocked: tuple[Blocked, ...], controller: Controller, options: RuntimeOptions) -> Finding:
    """The same as a run reports it: a circle, or what nobody is left to give."""
    paths = {one.ident: one.path for one in controller.agents}
    waits: dict[int, Wait] = {
        state.number: state.waiting
        for state in threads.alive.values()
        if state.waiting is not None and paths.get(state.ident) in {one.path for one in blocked}
    }
    for cycle in cycles(waits, threads):
        return of_cycle(cycle, options)
    if any("/" in one.path for one in blocked):
        return _of_tasks(blocked, options)
    ends = [wait for wait in waits.values() if wait.kind != "join"] or list(waits.values())
    return of_hang(Hang(tuple(ends), sure=True), options)


def _of_tasks(blocked: tuple[Blocked, ...], options: RuntimeOptions) -> Finding:
    """Tasks wait, and maybe threads: those first that wait for nobody in particular."""
    circle = [one for one in blocked if _in_circle(one, list(blocked))]
    waits = circle or sorted(blocked, key=lambda one: (not one.place, bool(one.by)))
    first = waits[0]
    rule = options.rules.get(HANG, Rule(HANG))
    function = first.thread.removeprefix("task ")
    message = f"Hang: {first.thread} waits for {first.target}, and nothing is left to run"
    evidence = "no task is ready, no timer is set, and no thread can go on"
    if circle:
        for_ = " and ".join(f"for {one.target}" for one in circle)
        message = f"Deadlock: tasks wait in a circle, {for_}"
        evidence = "a cycle of tasks: it cannot end by itself"
    names = {one.path: one.thread for one in blocked}
    return Finding(
        code=HANG,
        name=rule.name,
        subject=f"{first.kind} in {function}",
        message=message,
        place=_place(first),
        confidence=Confidence.CONFIRMED,
        severity=Severity(rule.severity),
        steps=tuple(
            Step("waits", _place(one), "", one.thread, (), _note(one, names)) for one in waits
        ),
        evidence=(evidence,),
        help=rule.help,
        origin=Origin.RUN,
        context=function,
    )


def _note(one: Blocked, names: dict[str, str]) -> str:
    held = f", held by {names[one.by]}" if one.kind == "lock" and one.by in names else ""
    return f"waits for {one.target}{held}"


def _place(one: Blocked) -> Place:
    path, _, line = one.place.rpartition(":")
    return Place(path, int(line)) if line else Place("", 0)


def _blocked(agent: Agent, state: ThreadState, controller: Controller) -> Blocked:
    wait: Any = state.waiting
    kind = wait.kind if wait is not None else agent.pending.kind
    target = wait.target if wait is not None else None
    by = _owner(target, controller)
    return Blocked(agent.path, agent.name, agent.pending.place, kind, _named(kind, target), by)


def _owner(target: Any, controller: Controller) -> str:
    """The path of the agent that holds, or is, what is waited for."""
    owner = getattr(target, "owner", None)
    if isinstance(owner, ThreadState):
        holder = controller.agent_of(owner)
        return holder.path if holder is not None else ""
    return next((one.path for one in controller.agents if one.thread is target is not None), "")


def _named(kind: str, target: Any) -> str:
    if kind == "join":
        return f"the end of {getattr(target, 'name', 'a thread')}"
    kinds = {"lock": "a lock", "condition": "a notification", "event": "an event"}
    kinds |= {"semaphore": "a semaphore", "barrier": "a barrier", "future": "a result"}
    kinds |= {"queue-get": "an item", "queue-put": "room in a queue", "queue-join": "a queue"}
    return kinds.get(kind, kind)


def _in_circle(one: Blocked, others: list[Blocked]) -> bool:
    by_path = {other.path: other for other in others}
    seen: set[str] = set()
    path = one.by
    while path in by_path and path not in seen:
        if path == one.path:
            return True
        seen.add(path)
        path = by_path[path].by
    return False
