"""Accounts: sign-up and password check."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from dataclasses import dataclass

from .errors import Refused
from .storage import Storage

ROUNDS = 1000


@dataclass(frozen=True)
class Account:
    """One user. The password itself is kept nowhere."""

    name: str
    number: int
    salt: bytes
    digest: bytes


def derive(password: str, salt: bytes) -> bytes:
    """Slow on purpose, so it is never called under a lock."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)


class Users:
    """All accounts by name. A mutex guards the table, so any thread may call any method."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}
        self._number = 0

    def restore(self, most: int) -> None:
        """Read the accounts of earlier runs, at most so many."""
        rows = self._storage.users(most)
        with self._lock:
            for row in rows:
                self._accounts[row[0]] = Account(*row)
                self._number = row[1]

    def sign_up(self, name: str, password: str) -> int:
        """A new account; returns its number. Of two with one name, one is refused."""
        if not name or not password:
            raise Refused(400, "name and password are needed")
        salt = os.urandom(16)
        digest = derive(password, salt)
        with self._lock:
            if name in self._accounts:
                raise Refused(409, f"the name {name!r} is taken")
            self._number = self._following(self._number)
            account = Account(name, self._number, salt, digest)
            self._accounts[name] = account
        self._storage.save_user(account.name, account.number, account.salt, account.digest)
        return account.number

    def check(self, name: str, password: str) -> None:
        """Raise unless the password is the user's."""
        with self._lock:
            account = self._accounts.get(name)
        if account is None or not hmac.compare_digest(
            derive(password, account.salt), account.digest
        ):
            raise Refused(401, "wrong name or password")

    def names(self) -> list[str]:
        """Everybody, in the order of sign-up."""
        with self._lock:
            accounts = list(self._accounts.values())
        return [account.name for account in sorted(accounts, key=lambda one: one.number)]

    def _following(self, number: int) -> int:
        """The next account number; the house rule skips those that end in 13."""
        number += 1
        return number + 1 if number % 100 == 13 else number
