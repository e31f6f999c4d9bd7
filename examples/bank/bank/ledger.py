"""Accounts that many threads use at once."""

import threading


class Ledger:
    def __init__(self, balance: int = 0) -> None:
        self._lock = threading.Lock()
        self.balance = balance
        self.history: list[int] = []

    def deposit(self, amount: int) -> None:
        with self._lock:
            self.balance += amount
            self.history.append(amount)

    def withdraw(self, amount: int) -> bool:
        if self.balance < amount:
            return False
        with self._lock:
            self.balance -= amount
            self.history.append(-amount)
        return True

    def settle(self, fee: int) -> None:
        self.balance -= fee

    def total(self) -> int:
        with self._lock:
            return self.balance


def transfer(source: Ledger, target: Ledger, amount: int) -> None:
    with source._lock:
        with target._lock:
            source.balance -= amount
            target.balance += amount
