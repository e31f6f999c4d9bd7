"""What the code of a property says of what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from racecheck.runtime.getters import returned


def plain(self: Any) -> Any:
    return self.items


def longer(self: Any) -> Any:
    return self.cart.items


def made_first(self: Any) -> Any:
    if not hasattr(self.local, "items"):
        self.local.items = {}
    return self.local.items


def twice_the_same(self: Any) -> Any:
    if self.ready:
        return self.items
    self.prepare()
    return self.items


class Mangled:
    def items(self) -> Any:
        return self.__items  # type: ignore[attr-defined]


def two(self: Any) -> Any:
    return self.items if self.ready else self.others


def perhaps_none(self: Any) -> Any:
    if self.ready:
        return self.items
    return None


def copied(self: Any) -> Any:
    return list(self.items)


def called(self: Any) -> Any:
    return self.items()


def summed(self: Any) -> Any:
    return self.items + self.items


def item(self: Any) -> Any:
    return self.items[0]


def of_another(self: Any) -> Any:
    self = self.owner
    return self.items


def itself(self: Any) -> Any:
    return self


def nothing(self: Any) -> None:
    pass


def captured(self: Any) -> Any:
    def inner() -> Any:
        return self

    return inner


def generated(self: Any) -> Iterator[Any]:
    yield self.items
    return self.items


@pytest.mark.parametrize(
    ("getter", "path"),
    [
        (plain, ("items",)),
        (longer, ("cart", "items")),
        (made_first, ("local", "items")),
        (twice_the_same, ("items",)),
        (Mangled.items, ("_Mangled__items",)),
        (two, ()),
        (perhaps_none, ()),
        (copied, ()),
        (called, ()),
        (summed, ()),
        (item, ()),
        (of_another, ()),
        (itself, ()),
        (nothing, ()),
        (captured, ()),
        (generated, ()),
        (len, ()),
        (None, ()),
    ],
)
def test_returned(getter: Callable[..., Any] | None, path: tuple[str, ...]) -> None:
    assert returned(getter) == path
