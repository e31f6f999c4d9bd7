"""How one site is told from a frame: the hot path of backends that look at frames.

A function is made for each site, the common kinds without a loop. They ask first whether this is
old news in the present epoch; only what is new goes further.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TypeAlias

from racecheck.runtime.deliver import deliver, failed
from racecheck.runtime.sites import Site
from racecheck.runtime.threads import local
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
    if site.plain and len(ways) <= 2 and all(do == FAST for do, _ in ways):
        indexes = [where for _, where in ways]
        return _one(site, *indexes) if len(indexes) == 1 else _two(site, *indexes)
    return _any(site, ways)


def _one(site: Site, index: int) -> Tell:
    """An object in a plain variable."""
    number = site.number

    def tell(frame: FrameType) -> None:
        try:
            value = view_of(frame)[index]
            if (number, id(value)) in local.state.seen:
                return
        except ValueError:
            return
        except AttributeError:
            pass
        except Exception as error:
            failed(error)
            return
        deliver(site, (value,), frame)

    return tell


def _two(site: Site, index: int, other: int) -> Tell:
    """Objects in two plain variables."""
    number = site.number

    def tell(frame: FrameType) -> None:
        try:
            view = view_of(frame)
            first, second = view[index], view[other]
            if (number, id(first), id(second)) in local.state.seen:
                return
        except ValueError:
            return
        except AttributeError:
            pass
        except Exception as error:
            failed(error)
            return
        deliver(site, (first, second), frame)

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
