"""From a site that a thread has reached to the observer of races: the hot path of all backends.

`hit` and `hit_one` are what inserted calls reach. They ask one question, "was this site met with
these objects since the thread's clock last moved?", in the thread's own set; only a first meeting
goes further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.resolve import follow, key_of
from racecheck.runtime.sites import Site, sites
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.threads import ThreadState, current, local, threads

Record = Callable[[ThreadState, Site, Sequence[Any], Stack, Any], None]


def _nobody(*_: Any) -> None:
    pass


class Sink:
    """Where recorded accesses go: the observer of the session, or nobody."""

    record: Record = staticmethod(_nobody)


sink: Final = Sink()


def identity(site: Site, values: Sequence[Any]) -> Any:
    """What a thread keeps to know that it met this site with these objects and keys."""
    if site.plain:
        return site.number, *map(id, values)
    parts: list[Any] = [site.number]
    for access in site.accesses:
        root = values[access.root]
        parts.append(id(follow(root, access.path) if access.path else root))
        if access.key is not None:
            key = key_of(access.key, values)
            parts.append((type(key), key))
    return tuple(parts)


def hit_one(number: int, value: Any) -> None:
    """A plain site is reached."""
    try:
        thread = local.state
    except AttributeError:
        thread = current()
    key = (number, id(value))
    if key not in thread.seen:
        sink.record(thread, sites[number], (value,), capture(pristine.getframe(1)), key)


def hit(number: int, *values: Any) -> None:
    """Any other site is reached."""
    thread = current()
    site = sites[number]
    key = identity(site, values)
    if key not in thread.seen:
        sink.record(thread, site, values, capture(pristine.getframe(1)), key)


def deliver(site: Site, values: Sequence[Any], frame: FrameType) -> None:
    """A site is reached in `frame`: for backends that look at frames."""
    if not threads.open:
        return
    thread = current()
    key = identity(site, values)
    if key not in thread.seen:
        sink.record(thread, site, values, capture(frame), key)
