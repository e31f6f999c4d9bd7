"""From roots to objects, and nothing of the program's runs on the way."""

from __future__ import annotations

from collections import defaultdict, deque
from types import SimpleNamespace

import pytest

from racecheck.runtime.resolve import MISSING, follow
from racecheck.runtime.sites import Key, Step


class Thing:
    def __init__(self) -> None:
        self.rooms = {"a": {1: [self]}}
        self.box = SimpleNamespace(thing=self)

    @property
    def halls(self) -> dict[str, dict[int, list[Thing]]]:
        return self.rooms

    @property
    def endless(self) -> object:
        return self.endless

    @property
    def thing(self) -> Thing:
        return self.box.thing

    @property
    def computed(self) -> dict[str, int]:
        raise AssertionError("a property was run")


class Own(dict):  # type: ignore[type-arg]
    def __getitem__(self, key: object) -> object:
        raise AssertionError("a method of the program was run")


class Odd:
    def __hash__(self) -> int:
        raise AssertionError("a hash of the program was asked for")


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (("rooms",), {"a"}),
        (("rooms", Key("a")), {1}),
        (("rooms", Key("b")), None),
        (("rooms", Key("a"), Key(1), Key(-1), "rooms"), {"a"}),
        (("rooms", Key("a"), Key(1), Key(1)), None),
        (("rooms", Key("a"), Key(1), Key("x")), None),
        (("rooms", Key(root=1)), {1}),
        (("rooms", Key(root=2)), None),
        (("halls", Key("a")), {1}),
        (("thing", "rooms"), {"a"}),
        (("endless",), None),
        (("computed", Key("a")), None),
    ],
)
def test_follow(path: tuple[Step, ...], end: set[object] | None) -> None:
    thing = Thing()
    found = follow(thing, path, (thing, "a", Odd()))
    assert (None if found is MISSING else set(found)) == end


def test_nothing_is_made_by_looking() -> None:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    assert follow(groups, (Key("a"),)) is MISSING
    assert not groups


def test_containers_of_the_program_are_not_asked() -> None:
    assert follow(Own(a=1), (Key("a"),)) is MISSING


def test_a_deque_and_a_tuple() -> None:
    assert follow((deque([[1], [2]]),), (Key(0), Key(1))) == [2]


def test_a_property_that_is_replaced_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = Thing()
    assert follow(thing, ("halls",)) is follow(thing, ("halls",)) is thing.rooms
    monkeypatch.setattr(Thing, "halls", property(lambda self: self.box))
    assert follow(thing, ("halls",)) is thing.box
    monkeypatch.setattr(Thing, "halls", Thing.computed)
    assert follow(thing, ("halls",)) is MISSING


def test_a_property_of_a_base_class() -> None:
    class Special(Thing):
        pass

    thing = Special()
    for _ in range(2):
        assert follow(thing, ("halls", Key("a"))) is thing.rooms["a"]
        assert follow(Thing(), ("halls",)) is not thing.rooms
