"""Objects that are shared because a shared object holds them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from racecheck.program.model import Class, Entry, Program

_SERVERS = frozenset(
    {
        "socketserver.ThreadingMixIn",
        "socketserver.ThreadingTCPServer",
        "socketserver.ThreadingUDPServer",
        "http.server.ThreadingHTTPServer",
    }
)
"""Servers that hand themselves to a thread for each request."""


def holders(
    program: Program, lock_owners: set[str], entries: Mapping[str, list[Entry]]
) -> dict[str, str]:
    """For each class whose objects a shared object holds: the attribute (`Server.service`).

    Shared to begin with are classes that own a lock or say that they are thread-safe, threading
    servers, instances in module globals, and classes that start threads on their own methods (not
    Thread
    subclasses: each thread has its own object).
    """
    found: dict[str, str] = {}
    queue: deque[Class] = deque()
    for cls in program.classes.values():
        if not cls.module.is_test and _is_root(cls, lock_owners, entries):
            queue.append(cls)
    for module in program.modules.values():
        for attribute in () if module.is_test else module.globals.values():
            for name in attribute.types & program.classes.keys():
                found.setdefault(name, f"{module.name.rpartition('.')[2]}.{attribute.name}")
                queue.append(program.classes[name])
    done: set[str] = set()
    while queue:
        cls = queue.popleft()
        if cls.id not in done:
            done.add(cls.id)
            queue.extend(_held(program, cls, found))
    return found


def _is_root(cls: Class, lock_owners: set[str], entries: Mapping[str, list[Entry]]) -> bool:
    if "threading.Thread" in cls.externals:
        return False
    own = any(
        e.starts.partition(":")[2].startswith(cls.facts.qualname) for e in entries.get(cls.id, ())
    )
    shared = cls.id in lock_owners or "thread-safe" in cls.facts.claims
    return own or shared or not _SERVERS.isdisjoint(cls.externals)


def _held(program: Program, cls: Class, found: dict[str, str]) -> list[Class]:
    """Classes of the project whose objects attributes of `cls` hold."""
    held = []
    for owner in cls.mro or (cls,):
        for attribute in owner.attributes.values():
            for name in attribute.types & program.classes.keys():
                found.setdefault(name, f"{cls.name}.{attribute.name}")
                held.append(program.classes[name])
    return held
