"""Where a task is suspended, and what it waits for there, by the name that the program gives it."""

from __future__ import annotations

from types import FrameType
from typing import Any, Final
from weakref import WeakKeyDictionary

from racecheck.explore.places import places

DEPTH: Final = 100
"""Coroutines within coroutines that are looked into."""

ATTRIBUTES: Final = 200
"""Attributes of an object among which a name is looked for."""

holders: Final[WeakKeyDictionary[Any, Any]] = WeakKeyDictionary()
"""Locks of asyncio, each with the task that holds it."""

_WAITS: Final = {
    "Lock.acquire": ("lock", "a lock", "{}"),
    "Event.wait": ("event", "an event", "the event {}"),
    "Semaphore.acquire": ("semaphore", "a semaphore", "the semaphore {}"),
    "Condition.wait": ("condition", "a notification", "a notification of {}"),
    "Barrier._wait": ("barrier", "others at a barrier", "others at {}"),
    "Barrier._block": ("barrier", "others at a barrier", "others at {}"),
    "Queue.get": ("queue-get", "an item", "an item of {}"),
    "Queue.put": ("queue-put", "room in a queue", "room in {}"),
    "Queue.join": ("queue-join", "a queue", "the items of {}"),
    "TaskGroup.__aexit__": ("join", "the end of its tasks", "the end of its tasks"),
}
"""Functions of asyncio in which tasks wait: the kind of wait, what for, and that with a name."""


def frames_of(task: Any) -> list[FrameType]:
    """The frames in which it is suspended, the outermost first."""
    found: list[FrameType] = []
    inner = task.get_coro()
    while inner is not None and len(found) < DEPTH:
        for kind, awaited in (("cr", "cr_await"), ("gi", "gi_yieldfrom"), ("ag", "ag_await")):
            frame = getattr(inner, f"{kind}_frame", None)
            if frame is not None:
                found.append(frame)
                inner = getattr(inner, awaited, None)
                break
        else:
            break
    return found


def place_of(task: Any) -> str:
    """The innermost place in the user's code: where it awaits, or begins; "" if it has none."""
    frames = frames_of(task)
    for frame in reversed(frames):
        place = places.of(frame)
        if place:
            begins = len(frames) == 1 and not getattr(task.get_coro(), "cr_suspended", True)
            if begins:
                return f"{place.rpartition(':')[0]}:{frame.f_code.co_firstlineno}"
            return place
    return ""


def primitive_of(task: Any) -> tuple[str, str, Any] | None:
    """The kind of wait, what for, and the object, if it waits inside of asyncio."""
    frames = frames_of(task)
    for at in range(len(frames) - 1, -1, -1):
        frame = frames[at]
        if not str(frame.f_globals.get("__name__")).startswith("asyncio."):
            continue
        found = _WAITS.get(frame.f_code.co_qualname)
        if found is not None:
            kind, unnamed, named = found
            target = frame.f_locals.get("self")
            name = _name(target, frames[:at])
            return kind, named.format(f"`{name}`") if name else unnamed, target
    return None


def _name(target: Any, frames: list[FrameType]) -> str:
    """What the innermost of the user's functions knows it by: `Pair.left`, `left`."""
    for frame in reversed(frames):
        if places.of(frame):
            names = frame.f_locals
            for value in names.values():
                found = _attribute(value, target)
                if found:
                    return f"{type(value).__name__}.{found}"
            return next((str(name) for name, value in names.items() if value is target), "")
    return ""


def _attribute(value: Any, target: Any) -> str:
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return ""
    if not isinstance(attributes, dict) or len(attributes) > ATTRIBUTES:
        return ""
    return next((str(name) for name, held in attributes.items() if held is target), "")
