"""A set with an order."""

from __future__ import annotations

import random

from racecheck.explore.interpose.in_order import InOrder


def test_it_does_what_a_set_does_in_the_order_of_insertion() -> None:
    chance = random.Random(1)
    ours, plain, order = InOrder("abc"), set("abc"), list("abc")
    for _ in range(2000):
        item = chance.choice("abcdefgh")
        do = chance.choice(["add", "add", "discard", "remove", "pop", "clear"])
        if do == "clear" and chance.random() < 0.9:
            continue
        if do == "remove" and item not in plain:
            continue
        if do == "pop":
            if order:
                assert ours.pop() == order[0]
                plain.remove(order.pop(0))
        elif do == "clear":
            ours.clear()
            plain.clear()
            order.clear()
        else:
            getattr(ours, do)(item)
            getattr(plain, do)(item)
            if do == "add" and item not in order:
                order.append(item)
            elif do != "add" and item in order:
                order.remove(item)
        assert list(ours) == order
        assert ours == plain
        assert len(ours) == len(plain)
        assert (item in ours) == (item in plain)


def test_it_is_a_set() -> None:
    assert isinstance(InOrder(), set)
    assert InOrder([1, 2]) | {3} == {1, 2, 3}
