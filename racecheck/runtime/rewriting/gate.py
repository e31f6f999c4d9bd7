"""The names that inserted code uses, in `builtins`. They stay, as does the code that needs them."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any, Final

from racecheck.runtime import births, deliver, pristine
from racecheck.runtime.rewriting import inserted
from racecheck.runtime.rewriting.stored import register
from racecheck.runtime.sites import Site, sites

_space: Final = builtins.__dict__


_wanted: Final = {"notes": True}


def notes() -> bool:
    """Whether code that is rewritten now is to tell lone reads as well."""
    return _wanted["notes"]


def install(*, notes: bool = True) -> None:
    """Make the names known; the gate is closed."""
    _wanted["notes"] = notes
    _space.update(
        {
            inserted.ON: False,
            inserted.ONE: deliver.hit_one,
            inserted.TWO: deliver.hit_two,
            inserted.MODULE_HIT: deliver.hit_module,
            inserted.INNER: deliver.hit_inner,
            inserted.AGAIN: deliver.hit_again,
            inserted.MANY: deliver.hit,
            inserted.GLOBALS: globals,
            inserted.MADE: births.made,
            inserted.LOAD: register,
        }
    )


def set_open(is_open: bool) -> None:
    """Open or close the gate."""
    _space[inserted.ON] = is_open


def tell_all(arrive: Callable[[Site, Sequence[Any]], None] | None) -> None:
    """Tell `arrive` of each arrival at a site before anything else; None: nobody any more."""
    if arrive is None:
        if inserted.ON in _space:
            install(notes=notes())
        return
    told = arrive

    def hit(number: int, *values: Any) -> None:
        site = sites[number]
        told(site, values)
        if site.accesses:
            deliver.hit(number, *values)

    def hit_module(number: int) -> None:
        values = (pristine.getframe(1).f_globals,)
        told(sites[number], values)
        deliver.hit(number, *values)

    names = (inserted.ONE, inserted.TWO, inserted.INNER, inserted.MANY)
    _space.update(dict.fromkeys(names, hit))
    _space[inserted.MODULE_HIT] = hit_module
