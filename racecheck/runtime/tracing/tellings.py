"""How one site is told from a frame: the hot path of backends that look at frames.

A function is made for each site, the common kinds without a loop. They ask first whether this is
old news in the present epoch; only what is new goes further.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TypeAlias

from racecheck.runtime.deliver import again, deliver, failed, sink
from racecheck.runtime.lanes import lanes, passed, single
from racecheck.runtime.resolve import follow
from racecheck.runtime.sites import Site
from racecheck.runtime.threads import current, local
from racecheck.runtime.tracing.variables import FAST, Slots, Way, read, view_of, way_to

Tell: TypeAlias = Callable[[FrameType], None]
"""Tells a site that is reached in a frame; nothing if one of its roots is not bound there."""


def tell_of(site: Site | None, slots: Slots) -> Tell | None:
    """None for no site, and for one with a root that cannot be read in a frame with these slots."""
    if site is None:
        return None
    ways = tuple(way for way in (way_to(root, slots) for root in site.roots) if way is not None)
    if len(ways) < len(site.roots):
        return None
    if sink.arrive is None and 0 < len(ways) <= 2 and all(do == FAST for do, _ in ways):
        indexes = [where for _, where in ways]
        if site.inner or (site.plain and len(ways) == 1):
            return _one(site, indexes[0])
        if site.plain:
            return _two(site, *indexes)
    return _any(site, ways)


def tell_again(site: Site, slots: Slots) -> Tell | None:
    """What a loop goes through, at each turn; None if that is told like anything else."""
    way = way_to(site.roots[0], slots) if site.turns else None
    if way is None or way[0] != FAST or sink.arrive is not None:
        return None
    number, index = site.number, way[1]

    def tell(frame: FrameType) -> None:
        try:
            value = view_of(frame)[index]
            thread = local.state
            if thread.turns.get(number) == id(value) and thread.turned == thread.clock:
                return
            again(thread, site, value, frame)
        except ValueError:
            return
        except AttributeError:
            again(current(), site, value, frame)
        except Exception as error:
            failed(error)

    return tell


def _one(site: Site, index: int) -> Tell:
    """An object in a plain variable, or at the end of a path from there."""
    number, inner = site.number, site.inner
    own = single.setdefault(number, {})

    def tell(frame: FrameType) -> None:
        try:
            value = view_of(frame)[index]
            found = id(follow(value, inner) if inner else value)
            thread, lane = local.state, own.get(found)
            if lane is not None:
                if lane.thread is thread and lane.clock == thread.clock:
                    return
                if passed(thread, lane):
                    return
            if (number, found) not in thread.seen:
                deliver(site, (value,), frame)
        except ValueError:
            return
        except AttributeError:
            deliver(site, (value,), frame)
        except Exception as error:
            failed(error)

    return tell


def _two(site: Site, index: int, other: int) -> Tell:
    """Objects in two plain variables."""
    number = site.number

    def tell(frame: FrameType) -> None:
        try:
            view = view_of(frame)
            one, two = view[index], view[other]
            key = number, id(one), id(two)
            thread = local.state
            lane = lanes.get(key)
            if lane is not None:
                if lane.thread is thread and lane.clock == thread.clock:
                    return
                if passed(thread, lane):
                    return
            if key not in thread.seen:
                deliver(site, (one, two), frame)
        except ValueError:
            return
        except AttributeError:
            deliver(site, (one, two), frame)
        except Exception as error:
            failed(error)

    return tell


def _any(site: Site, ways: tuple[Way, ...]) -> Tell:
    """Whatever else there is."""

    def tell(frame: FrameType) -> None:
        try:
            values = read(frame, ways)
        except Exception as error:
            failed(error)
            return
        if values is not None:
            deliver(site, values, frame)

    return tell
