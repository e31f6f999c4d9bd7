"""A set that is gone through in the order in which it was filled.

Libraries keep threads and tasks in sets, whose order is that of addresses in memory: another one in
each run. A run that is to be repeated needs the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class InOrder(set[Any]):
    """As `set`, for what goes through it with `for`."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__()
        self._order: dict[Any, None] = {}
        for item in items:
            self.add(item)

    def add(self, item: Any, /) -> None:
        """As `set.add`."""
        super().add(item)
        self._order[item] = None

    def discard(self, item: Any, /) -> None:
        """As `set.discard`."""
        super().discard(item)
        self._order.pop(item, None)

    def remove(self, item: Any, /) -> None:
        """As `set.remove`."""
        super().remove(item)
        self._order.pop(item, None)

    def pop(self) -> Any:
        """The eldest one."""
        item = next(iter(self))
        self.remove(item)
        return item

    def clear(self) -> None:
        """As `set.clear`."""
        super().clear()
        self._order.clear()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)
