"""Variables of a frame are read where they are, and reading them leaves no mark."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from racecheck.runtime.sites import CELL, MODULE, VALUE, Root
from racecheck.runtime.tracing import variables
from racecheck.runtime.tracing.variables import read, slots_of, way_to


class Thing:
    pass


def look(frame: Any, *roots: Root) -> tuple[Any, ...] | None:
    slots = slots_of(frame.f_code)
    ways = [way_to(root, slots) for root in roots]
    assert all(ways)
    return read(frame, tuple(way for way in ways if way))


def value(name: str) -> Root:
    return Root(VALUE, name)


needs_layout = pytest.mark.skipif(not variables.exact, reason="the layout of frames is not known")


def test_the_layout_of_supported_versions_is_known() -> None:
    if sys.implementation.name == "cpython" and sys.version_info < (3, 14):
        assert variables.exact


def test_parameters_locals_and_globals() -> None:
    def function(one: object, *rest: object, key: object, **more: object) -> Any:
        local = Thing()
        names = ("one", "rest", "key", "more", "local", "Thing")
        found = look(sys._getframe(), *map(value, names), Root(MODULE))
        return found, (one, rest, key, more, local, Thing, globals())

    found, expected = function(Thing(), 1, key=Thing(), x=2)
    assert all(a is b for a, b in zip(found, expected, strict=True))


@needs_layout
def test_cells_and_what_is_in_them() -> None:
    count, other = Thing(), Thing()

    def function(argument: object) -> Any:
        def inner() -> object:
            return argument, count

        roots = [Root(CELL, "argument"), Root(CELL, "count"), value("argument"), value("count")]
        found = look(sys._getframe(), *roots)
        return found, (*(inner.__closure__ or ()), argument, count)

    found, expected = function(other)
    assert all(a is b for a, b in zip(found, expected, strict=True))


def test_what_is_not_bound_is_not_read() -> None:
    def function() -> Any:
        frame = sys._getframe()
        found = [look(frame, value("later")), look(frame, value("no_such_global"))]
        later = 1
        return found, later, look(frame, value("later"))

    assert function() == ([None, None], 1, (1,))


def test_an_empty_cell_is_not_read() -> None:
    def outer() -> Any:
        def inner() -> Any:
            found = look(sys._getframe(), value("later"))
            return found, (lambda: later)

        found = inner()
        later = 1
        return found[0], later

    assert outer() == (None, 1)


def test_a_cell_that_is_none_here_cannot_be_asked_for() -> None:
    assert way_to(Root(CELL, "x"), slots_of(test_an_empty_cell_is_not_read.__code__)) is None


def test_nothing_is_kept_alive() -> None:
    def function() -> Any:
        thing = Thing()
        reference = weakref.ref(thing)
        assert look(sys._getframe(), value("thing")) == (thing,)
        del thing
        return reference()

    assert function() is None


def test_generators_and_deep_recursion() -> None:
    def numbers(thing: Thing) -> Iterator[bool]:
        for _ in range(3):
            mine = Thing()
            found = look(sys._getframe(), value("thing"), value("mine"))
            yield found is not None and found[0] is thing and found[1] is mine

    def down(depth: int, thing: Thing) -> bool:
        found = look(sys._getframe(), value("depth"), value("thing"))
        right = found is not None and found[0] == depth and found[1] is thing
        return right and (depth == 0 or down(depth - 1, Thing()))

    assert list(numbers(Thing())) == [True] * 3
    assert down(300, Thing())


@pytest.mark.skipif(sys.version_info < (3, 13), reason="f_locals does harm")
def test_without_the_layout_f_locals_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "view_of", variables._Proxied)
    test_parameters_locals_and_globals()
    test_what_is_not_bound_is_not_read()
    test_an_empty_cell_is_not_read()
    test_nothing_is_kept_alive()
