"""Switch windows: can another thread run between the first read and the last write?

Since 3.10 CPython offers to switch threads only at calls, backward jumps and function entry
(static-rules 0.3, measured). A read-modify-write without any of these in between is atomic by
accident: it never loses an update on a GIL build, and does on a free-threaded one.
"""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.facts.schema import Access, Function

_CHEAP = frozenset({"len", "isinstance", "type"})
"""Calls with an instruction of their own, which offers no switch (measured: `int`, `id` do)."""


def opened_between(function: Function, first: int, last: int) -> bool:
    """Is there a call, await, yield, `with` or loop end between these operations?"""
    if any(first < c.seq < last and c.path not in _CHEAP for c in function.calls):
        return True
    if any(first < p.seq < last and p.kind not in ("throw", "break") for p in function.points):
        return True
    return any(first < loop.last <= last for loop in function.loops)


def read_back(function: Function, update: Access) -> Iterator[Access]:
    """Later reads of a counter that was just moved on (`self.n += 1; return self.n`).

    What is read need not be what was stored: two threads can draw the same number. A line of a log
    and the text of an exception may have any of them.
    """
    if update.via not in ("+=", "-=") or update.value is None or update.value.kind != "const":
        return
    for access in function.accesses:
        if access.seq > update.seq and access.path == update.path:
            if access.kind == "read" and access.via in _DRAWN and not _told(function, access):
                yield access


def read_back_openly(function: Function, update: Access) -> bool:
    """Can another thread move the counter on before it is read again?"""
    again = read_back(function, update)
    return any(opened_between(function, update.seq, access.seq) for access in again)


_DRAWN = frozenset({"return", "arg", "value", "alias", "[]", ""})
_LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})


def _told(function: Function, read: Access) -> bool:
    """Is it only for people: in a branch that raises, or an argument of a logging call?

    Arguments are evaluated before the call.
    """
    raises = any(
        p.kind == "raise" and p.ctx == read.ctx and p.seq > read.seq for p in function.points
    )
    return raises or any(
        call.seq > read.seq and call.line <= read.line and _logs(call.path)
        for call in function.calls
    )


def _logs(path: str) -> bool:
    """`log.debug`, `self._log`: a method, by whatever name the logger has."""
    owner, _, method = path.rpartition(".")
    return bool(owner) and method.lstrip("_") in _LOGS


def loop_open(function: Function, access: Access) -> bool:
    """Can threads switch while this loop runs? A comprehension without calls is one step in C."""
    for loop in function.loops:
        if loop.first <= access.seq < loop.last or loop.first == access.seq + 1:
            if loop.kind != "comp":
                return True
            return any(loop.first < c.seq < loop.last for c in function.calls)
    return True
