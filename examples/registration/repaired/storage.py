"""What survives a restart: accounts and orders, in SQLite."""

from __future__ import annotations

import sqlite3
import threading

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, number INTEGER, salt BLOB, digest BLOB);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user TEXT, total INTEGER);
"""


class Storage:
    """One connection for all threads; every statement runs under the lock."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def save_user(self, name: str, number: int, salt: bytes, digest: bytes) -> None:
        """Remember an account."""
        with self._lock, self._open() as connection:
            row = (name, number, salt, digest)
            connection.execute("INSERT INTO users VALUES (?, ?, ?, ?)", row)

    def users(self, most: int) -> list[tuple[str, int, bytes, bytes]]:
        """The accounts that were ever saved, in the order of sign-up."""
        query = "SELECT name, number, salt, digest FROM users ORDER BY number LIMIT ?"
        with self._lock:
            return self._open().execute(query, (most,)).fetchall()

    def save_order(self, user: str, total: int) -> int:
        """Remember an order; returns its number."""
        with self._lock, self._open() as connection:
            cursor = connection.execute(
                "INSERT INTO orders (user, total) VALUES (?, ?)", (user, total)
            )
            return int(cursor.lastrowid or 0)

    def turnover(self) -> tuple[int, int]:
        """How many orders there are, and what they are worth together."""
        with self._lock:
            row = self._open().execute("SELECT COUNT(*), TOTAL(total) FROM orders").fetchone()
        return int(row[0]), int(row[1])

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        """The connection, made on first use. The caller holds the lock."""
        if self._connection is None:
            connection = sqlite3.connect(self._path, check_same_thread=False)
            connection.executescript(SCHEMA)
            self._connection = connection
        return self._connection
