"""What is for sale, and how much of it is left."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .errors import Refused

if TYPE_CHECKING:
    from .cart import Carts


class Goods:
    """Prices and stock, guarded by `_lock`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._prices: dict[str, int] = {}
        self._stock: dict[str, int] = {}

    def load(self, catalogue: Mapping[str, tuple[int, int]]) -> None:
        """Add goods: price in cents and pieces in stock, by name."""
        with self._lock:
            for good, (price, pieces) in catalogue.items():
                self._prices[good] = price
                self._stock[good] = pieces

    def listing(self) -> dict[str, dict[str, int]]:
        """The shop window."""
        with self._lock:
            return {
                good: {"price": price, "stock": self._stock[good]}
                for good, price in self._prices.items()
            }

    def price(self, good: str) -> int:
        """Price of one piece, in cents."""
        with self._lock:
            if good not in self._prices:
                raise Refused(404, f"there is no {good!r}")
            return self._prices[good]

    def take(self, good: str, count: int) -> int:
        """Take pieces out of stock; returns what they cost."""
        if self._stock.get(good, 0) < count:  # BUG RC214: the check is stale when the lock comes
            raise Refused(409, f"{good!r} is sold out")
        with self._lock:
            self._stock[good] -= count
            return self._prices[good] * count

    def put_back(self, good: str, count: int) -> None:
        """Undo `take`, or deliver more."""
        self._stock[good] = self._stock.get(good, 0) + count  # BUG RC101: loses a sale

    def discontinue(self, good: str, carts: Carts) -> None:
        """Take a good off the shelf and out of all carts."""
        with self._lock:
            self._prices.pop(good, None)
            self._stock.pop(good, None)
            carts.forget(good)
