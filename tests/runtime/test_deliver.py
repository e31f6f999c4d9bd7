"""What reaches the observer of races: what is new in its thread's epoch, and nothing twice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from racecheck.runtime import deliver
from racecheck.runtime.lanes import lanes, remove_all, single
from racecheck.runtime.observers.races import Observer
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.sites import VALUE, Access, Mode, Role, Root, Site, What, add
from racecheck.runtime.threads import Origin, ThreadState, local, threads


class Shelf:
    def __init__(self) -> None:
        self.items = [1, 2]
        self.count = 0


def loop() -> Site:
    access = Access(0, ("items",), What.ITERATE, "", Mode.READ, Role.PLAIN, 1, "shelf.items")
    return add("shop.py", "look", 1, (Root(VALUE, "shelf"),), (access,))


def update() -> Site:
    access = Access(0, (), What.ATTRIBUTE, "count", Mode.UPDATE, Role.UPDATE, 1, "shelf.count")
    return add("shop.py", "look", 1, (Root(VALUE, "shelf"),), (access,))


@pytest.fixture
def me() -> Iterator[ThreadState]:
    """The calling thread, with the gate open."""
    before = deliver.sink.record
    threads.on_gate.clear()
    threads.reset()
    other = threads.fork(local.state, "other", Origin("started", "main", ()))
    yield local.state
    threads.discard(other)
    deliver.sink.record = before
    remove_all()
    threads.reset()


@pytest.fixture
def told(me: ThreadState) -> list[Any]:
    """What is recorded: the first object of each site."""
    found: list[Any] = []

    def record(thread: ThreadState, site: Site, values: Any, frame: Any, key: Any) -> None:
        found.append((values[0], frame.f_code.co_name))
        thread.seen.add(key)

    deliver.sink.record = record
    return found


def test_a_turn_of_a_loop_is_told_once_in_an_epoch(me: ThreadState, told: list[Any]) -> None:
    shelf, site = Shelf(), loop()
    for _ in range(3):
        deliver.hit_again(site.number, shelf)
    here = sys._getframe().f_code.co_name
    assert told == [(shelf, here)]
    me.tick()
    for _ in range(3):
        deliver.hit_again(site.number, shelf)
    assert told == [(shelf, here), (shelf, here)]


def test_turns_of_loops_over_several_objects_take_turns(me: ThreadState, told: list[Any]) -> None:
    one, two, site = Shelf(), Shelf(), loop()
    for shelf in (one, two, one, two):
        deliver.hit_again(site.number, shelf)
    assert [shelf for shelf, _ in told] == [one, two]


def test_the_list_that_a_loop_goes_through_may_be_replaced(
    me: ThreadState, told: list[Any]
) -> None:
    shelf, site = Shelf(), loop()
    deliver.hit_again(site.number, shelf)
    shelf.items = []
    deliver.hit_again(site.number, shelf)
    assert len(told) == 1


def test_lanes_are_found_by_site_and_object_as_long_as_the_object_lives(me: ThreadState) -> None:
    deliver.sink.record = Observer(RuntimeOptions()).record
    shelf, site = Shelf(), update()
    deliver.hit_one(site.number, shelf)
    lane = lanes[site.number, id(shelf)]
    own = single[site.number]
    assert own == {id(shelf): lane}
    clock = lane.clock
    me.tick()
    deliver.hit_one(site.number, shelf)
    assert (lane.thread, lane.clock) == (me, clock + 1)
    assert (lane.one.slot, lane.one.clock) == (me.slot, clock + 1)
    del shelf
    assert own == {}
    assert (site.number,) not in lanes
    remove_all()
    assert single[site.number] is own


def test_the_passes_of_a_lane_are_counted(me: ThreadState) -> None:
    deliver.sink.record = Observer(RuntimeOptions()).record
    shelf, site, other = Shelf(), update(), update()
    orders = []
    for number in (site.number, other.number, site.number):
        me.tick()
        deliver.hit_one(number, shelf)
        orders.append(lanes[number, id(shelf)].order)
    assert orders == sorted(set(orders))


def test_changes_are_worked_out_once_where_there_is_no_lane(
    me: ThreadState, monkeypatch: pytest.MonkeyPatch
) -> None:
    from racecheck.runtime.observers import races

    class Default:
        count = 0

    asked = []
    original = races.changes_of
    monkeypatch.setattr(races, "changes_of", lambda *a: asked.append(a) or original(*a))
    deliver.sink.record = Observer(RuntimeOptions()).record
    access = Access(0, (), What.ATTRIBUTE, "count", Mode.READ, Role.CHECK, 1, "default.count")
    site = add("shop.py", "look", 1, (Root(VALUE, "default"),), (access,))
    default = Default()
    deliver.hit_one(site.number, default)
    assert len(asked) == 1
    assert (site.number, id(default)) not in lanes


class Shop:
    def __init__(self) -> None:
        self.back = Room()


class Room:
    def __init__(self) -> None:
        self.kept = Shelf()

    @property
    def shelf(self) -> Shelf:
        return self.kept


@pytest.mark.parametrize("last", ["kept", "shelf"])
def test_what_stands_at_the_end_of_a_path_has_one_lane(me: ThreadState, last: str) -> None:
    """Also if it is come to through a property."""
    deliver.sink.record = Observer(RuntimeOptions()).record
    path = ("back", last)
    access = Access(0, path, What.ATTRIBUTE, "count", Mode.UPDATE, Role.UPDATE, 1, "shop.count")
    site = add("shop.py", "look", 1, (Root(VALUE, "shop"),), (access,))
    assert site.inner == path
    shop = Shop()
    for _ in range(3):
        deliver.hit_inner(site.number, shop)
        me.tick()
    first = shop.back.kept
    assert list(single[site.number]) == [id(first)]
    shop.back.kept = Shelf()
    deliver.hit_inner(site.number, shop)
    assert list(single[site.number]) == [id(first), id(shop.back.kept)]
