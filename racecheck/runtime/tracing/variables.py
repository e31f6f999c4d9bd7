"""The variables of a running frame, read without leaving a mark on it.

`frame.f_locals` will not do before 3.13: it hangs a dictionary on the frame that keeps dead objects
alive, and when a trace function returns it is written back over closure cells that another thread
has changed meanwhile (updates lost under a lock, seen on 3.11 and 3.12). Nor does it give the cells
themselves, which are what a closure shares. So the slots of the frame are read where they are. The
layout is known for the versions named here, and is verified before it is used: words are compared
as numbers with addresses that we know, and nothing is followed unless all of them agree.
"""

from __future__ import annotations

import sys
from types import CellType, CodeType, FrameType
from typing import Any, Final, NamedTuple, TypeAlias

from racecheck.runtime.sites import CELL, MODULE, Root

FAST: Final = 0
DEREF: Final = 1
CELLS: Final = 2
GLOBALS: Final = 3
NAME: Final = 4

Way: TypeAlias = tuple[int, Any]
"""How to get at one root: what to do, and the index of its slot or its name."""

_LAYOUTS: Final = {(3, 11): 9, (3, 12): 9, (3, 13): 9}
"""Version to the number of words that stand before the variables in an interpreter's frame."""

_KEPT: Final = 4096
"""Addresses that are remembered. Frames come again and again at the same few."""


class Slots(NamedTuple):
    """What a code object calls its slots, in their order."""

    names: tuple[str, ...]
    cells: frozenset[str]


def slots_of(code: CodeType) -> Slots:
    """Parameters and locals, then cells that are neither, then what comes from outside."""
    plain = code.co_varnames
    own = tuple(name for name in code.co_cellvars if name not in plain)
    cells = frozenset(code.co_cellvars) | frozenset(code.co_freevars)
    return Slots(plain + own + code.co_freevars, cells)


def way_to(root: Root, slots: Slots) -> Way | None:
    """How to read `root` in a frame with these slots; None if it cannot be."""
    if root.kind == MODULE:
        return GLOBALS, None
    if root.name not in slots.names:
        return None if root.kind == CELL else (NAME, root.name)
    index = slots.names.index(root.name)
    if root.kind == CELL:
        return (CELLS, index) if root.name in slots.cells else None
    return (DEREF if root.name in slots.cells else FAST), index


def read(frame: FrameType, ways: tuple[Way, ...]) -> tuple[Any, ...] | None:
    """The objects at the end of all ways, None if one of them is not bound."""
    try:
        view = view_of(frame)
        return tuple([_one(frame, view, do, where) for do, where in ways])
    except (ValueError, KeyError):
        # Why these: an empty slot or cell, a global that is not there.
        return None


def _one(frame: FrameType, view: Any, do: int, where: Any) -> Any:
    if do == FAST:
        return view[where]
    if do == GLOBALS:
        return frame.f_globals
    if do == NAME:
        return frame.f_globals[where]
    found = view[where]
    if type(found) is not CellType:
        # Why possible: a comprehension that is part of its function borrows the slot.
        if do == CELLS:
            raise KeyError(where)
        return found
    return found if do == CELLS else found.cell_contents


class _Proxied:
    """Slots of a frame by way of `f_locals`, which 3.13 made harmless. Cells are out of reach."""

    __slots__ = ("_found", "_names")

    def __init__(self, frame: FrameType) -> None:
        self._found = frame.f_locals
        self._names = slots_of(frame.f_code).names

    def __getitem__(self, index: int) -> Any:
        return self._found[self._names[index]]


try:
    import ctypes
except ImportError:  # pragma: no cover - an interpreter built without it
    ctypes = None  # type: ignore[assignment]

_pointers: dict[int, Any] = {}
_views: dict[int, Any] = {}
_FRAME: Final = object.__basicsize__ + (ctypes.sizeof(ctypes.c_void_p) if ctypes else 0)


def _by_address(frame: FrameType) -> Any:
    """An array of the slots, good for as long as the frame runs: take what you want at once."""
    number = id(frame)
    try:
        address = _pointers[number].value
    except KeyError:
        if len(_pointers) >= _KEPT:
            _pointers.clear()
        pointer = _pointers[number] = ctypes.c_size_t.from_address(number + _FRAME)
        address = pointer.value
    try:
        return _views[address]
    except KeyError:
        if len(_views) >= _KEPT:
            _views.clear()
        found = _views[address] = _ARRAY.from_address(address + _SKIP)
        return found


def _words(frame: FrameType, count: int) -> list[int]:
    """The first slots of a frame as numbers."""
    address = ctypes.c_size_t.from_address(id(frame) + _FRAME).value
    return list((ctypes.c_size_t * count).from_address(address + _SKIP))


def _layout_holds() -> bool:
    """Whether the slots are where we think. Compares numbers, follows nothing that is not ours."""
    first, second, free = object(), object(), object()

    def probe(one: object, two: object) -> bool:
        local = object()
        shared = object()

        def inner() -> object:
            return shared, free

        frame = sys._getframe()
        cells = inner.__closure__ or ()
        expected = [id(one), id(two), id(local), id(inner), id(frame), id(cells)]
        names = slots_of(frame.f_code).names
        kept = dict(zip(names, _words(frame, len(names)), strict=True))
        plain = [kept[name] for name in ("one", "two", "local", "inner", "frame", "cells")]
        boxes = dict(zip(inner.__code__.co_freevars, cells, strict=True))
        return plain == expected and all(kept[name] == id(boxes[name]) for name in boxes)

    return probe(first, second)


def _known_layout() -> bool:
    version = sys.version_info[:2]
    return (
        ctypes is not None
        and sys.implementation.name == "cpython"
        and version in _LAYOUTS
        and not hasattr(sys, "getobjects")
    )


if _known_layout():
    _SKIP: Final = _LAYOUTS[sys.version_info[:2]] * ctypes.sizeof(ctypes.c_void_p)
    _ARRAY: Final = ctypes.py_object * 65536

exact: Final[bool] = _known_layout() and _layout_holds()
"""Whether closure cells can be told apart; if not, what is in them is not looked at."""

usable: Final[bool] = exact or sys.version_info >= (3, 13)
"""Whether variables can be read without changing the program."""

view_of: Final = _by_address if exact else _Proxied
