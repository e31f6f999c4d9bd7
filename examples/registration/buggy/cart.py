"""Carts and checkout."""

from __future__ import annotations

import threading

from .errors import Refused
from .goods import Goods
from .storage import Storage


class Carts:
    """One cart a user, guarded by `_lock`."""

    def __init__(self, goods: Goods, storage: Storage) -> None:
        self._goods = goods
        self._storage = storage
        self._lock = threading.Lock()
        self._carts: dict[str, dict[str, int]] = {}

    def add(self, user: str, good: str, count: int) -> None:
        """Put pieces of a good into the user's cart."""
        if count < 1:
            raise Refused(400, "count must be at least 1")
        with self._lock:
            self._goods.price(good)  # BUG RC309: `discontinue` takes the two locks the other way
            cart = self._carts.setdefault(user, {})
            cart[good] = cart.get(good, 0) + count

    def content(self, user: str) -> dict[str, int]:
        """A copy of the user's cart."""
        with self._lock:
            return dict(self._carts.get(user, {}))

    def check_out(self, user: str) -> tuple[int, int]:
        """Buy the cart, all of it or nothing; returns the number of the order and its total."""
        with self._lock:
            cart = self._carts.pop(user, {})
        try:
            total = self._buy(cart)
        except Refused:
            with self._lock:
                self._carts[user] = cart
            raise
        return self._storage.save_order(user, total), total

    def forget(self, good: str) -> None:
        """Take a good out of every cart."""
        with self._lock:
            for cart in self._carts.values():
                cart.pop(good, None)

    def _buy(self, cart: dict[str, int]) -> int:
        """Take every line out of stock, or put back what was taken."""
        if not cart:
            raise Refused(400, "the cart is empty")
        taken: list[tuple[str, int]] = []
        total = 0
        try:
            for good, count in cart.items():
                total += self._goods.take(good, count)
                taken.append((good, count))
        except Refused:
            for good, count in taken:
                self._goods.put_back(good, count)
            raise
        return total
