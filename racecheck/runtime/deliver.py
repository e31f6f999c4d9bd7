"""From a site that a thread has reached to the observer of races: the hot path of all backends.

`hit` and `hit_one` are what inserted calls reach. They ask one question, "was this site met with
these objects since the thread's clock last moved?", in the thread's own set; only a first meeting
goes further. The four short ones are alike on purpose: this is where one more call is felt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.faults import ours
from racecheck.runtime.hooks import hooks
from racecheck.runtime.lanes import lanes, passed, passes, single
from racecheck.runtime.resolve import follow, key_of
from racecheck.runtime.sites import Site, sites
from racecheck.runtime.threads import ThreadState, current, local, threads

FAILURES: Final = 20
"""Faults of ours that are kept for the report."""

Record = Callable[[ThreadState, Site, Sequence[Any], FrameType, Any], None]


def _nobody(*_: Any) -> None:
    pass


class Sink:
    """Where recorded accesses go: the observer of the session, or nobody."""

    record: Record = staticmethod(_nobody)

    arrive: Callable[[Site, Sequence[Any]], None] | None = None
    """Told of every arrival at a site before it is looked at: for whoever decides who goes on.
    Set before a backend starts, since that may take shorter ways if nobody is."""


sink: Final = Sink()


def identity(site: Site, values: Sequence[Any]) -> Any:
    """What a thread keeps to know that it met this site with these objects and keys."""
    if site.plain:
        return site.number, *map(id, values)
    if site.inner:
        return site.number, id(follow(values[0], site.inner))
    parts: list[Any] = [site.number]
    for access in site.accesses:
        root = values[access.root]
        parts.append(id(follow(root, access.path, values) if access.path else root))
        if access.key is not None:
            key = key_of(access.key, values)
            parts.append((type(key), key))
    return tuple(parts)


def hit_one(number: int, value: Any) -> None:
    """A plain site with one root is reached. By far the most are, so `passed` stands here, too."""
    try:
        lane = single[number][id(value)]
        thread = local.state
        if lane.thread is thread:
            clock = thread.clock
            if lane.clock == clock:
                return
            one = lane.one
            if one.slot == thread.slot and lane.two is None:
                one.clock = lane.clock = clock
                lane.chain = thread.chain
                lane.job = thread.job
                passes.count = lane.order = passes.count + 1
                return
        if passed(thread, lane):
            return
    except (KeyError, AttributeError):
        thread = current()
    key = (number, id(value))
    if key not in thread.seen:
        _first(number, (value,), key)


def hit_two(number: int, value: Any, other: Any) -> None:
    """A plain site with two roots is reached."""
    try:
        thread = local.state
    except AttributeError:
        thread = current()
    key = (number, id(value), id(other))
    lane = lanes.get(key)
    if lane is not None:
        if lane.thread is thread and lane.clock == thread.clock:
            return
        if passed(thread, lane):
            return
    if key not in thread.seen:
        _first(number, (value, other), key)


def hit_module(number: int) -> None:
    """A plain site of which only the module's globals are the root is reached."""
    try:
        thread = local.state
    except AttributeError:
        thread = current()
    key = (number,)
    lane = lanes.get(key)
    if lane is not None:
        if lane.thread is thread and lane.clock == thread.clock:
            return
        if passed(thread, lane):
            return
    if key not in thread.seen:
        _first(number, (pristine.getframe(1).f_globals,), key)


def hit_inner(number: int, value: Any) -> None:
    """A site that touches what stands at the end of a path is reached: `self.items`, `self.a.b`."""
    found = follow(value, sites[number].inner)
    try:
        lane = single[number][id(found)]
        thread = local.state
        if lane.thread is thread and lane.clock == thread.clock:
            return
        if passed(thread, lane):
            return
    except (KeyError, AttributeError):
        thread = current()
    key = (number, id(found))
    if key not in thread.seen:
        _first(number, (value,), key)


def hit_again(number: int, value: Any) -> None:
    """A turn of a loop: what it goes through is read once in each epoch, whatever is bound now."""
    try:
        thread = local.state
        if thread.turned == thread.clock and thread.turns[number] == id(value):
            return
    except (KeyError, AttributeError):
        thread = current()
    again(thread, sites[number], value, pristine.getframe(1))


def again(thread: ThreadState, site: Site, value: Any, frame: FrameType) -> None:
    """The first turn of a loop in an epoch."""
    if thread.turned != thread.clock:
        thread.turned, thread.turns = thread.clock, {}
    thread.turns[site.number] = id(value)
    deliver(site, (value,), frame)


def hit(number: int, *values: Any) -> None:
    """Any other site is reached."""
    try:
        site = sites[number]
        key = identity(site, values)
    except Exception as error:
        failed(error)
        return
    thread = current()
    lane = lanes.get(key)
    if lane is not None and passed(thread, lane):
        return
    if site.always or key not in thread.seen:
        _first(number, values, key)


def _first(number: int, values: tuple[Any, ...], key: Any) -> None:
    """The thread meets the site with these objects for the first time in this epoch."""
    try:
        sink.record(current(), sites[number], values, pristine.getframe(2), key)
    except Exception as error:
        failed(error)


def failed(error: Exception) -> None:
    """What went wrong in our code is said in the report and never raised into the program."""
    if not ours(error):
        raise error
    # Why not all: at the limit of recursion the program meets the same error a call further on.
    if not isinstance(error, RecursionError) and len(hooks.failures) < FAILURES:
        hooks.failures.append(f"access: {type(error).__name__}: {error}")


def deliver(site: Site, values: Sequence[Any], frame: FrameType) -> None:
    """A site is reached in `frame`: for backends that look at frames."""
    if not threads.open:
        return
    if sink.arrive is not None:
        sink.arrive(site, values)
    thread = current()
    try:
        key = identity(site, values)
        lane = lanes.get(key)
        if lane is not None and passed(thread, lane):
            return
        if site.always or key not in thread.seen:
            sink.record(thread, site, values, frame, key)
    except Exception as error:
        failed(error)
