"""Who is logged in, and the thread that forgets those who went away."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    """A login, good until `expires` on the monotonic clock."""

    user: str
    expires: float


class Sessions:
    """Sessions by token. `_lock` guards `_sessions` and `_expired`."""

    def __init__(self, lifetime: float = 1800.0) -> None:
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._expired = 0

    def open(self, user: str) -> str:
        """Log a user in; returns the token."""
        token = secrets.token_hex(16)
        with self._lock:
            self._sessions[token] = Session(user, time.monotonic() + self._lifetime)
        return token

    def user_of(self, token: str) -> str | None:
        """The user behind a token, None if nobody is."""
        self._lock.acquire()  # BUG RC304: the early `return` leaves the sessions locked for ever
        session = self._sessions.get(token)
        if session is None or session.expires < time.monotonic():
            return None
        user = session.user
        self._lock.release()
        return user

    def close(self, token: str) -> None:
        """Log one user out."""
        with self._lock:
            self._sessions.pop(token, None)

    def close_all(self) -> None:
        """Log everybody out."""
        self._sessions = {}  # BUG RC102: requests that are still under way hold the lock

    def sweep(self, now: float) -> int:
        """Forget expired sessions; returns how many."""
        with self._lock:
            old = [token for token, session in self._sessions.items() if session.expires < now]
            for token in old:
                del self._sessions[token]
            self._expired += len(old)
        return len(old)

    def figures(self) -> dict[str, int]:
        """For the statistics page."""
        with self._lock:
            return {"open": len(self._sessions), "expired": self._expired}


class Sweeper(threading.Thread):
    """Calls `sweep` from time to time until it is told to stop."""

    def __init__(self, sessions: Sessions, interval: float = 5.0) -> None:
        super().__init__(name="sweeper")
        self._sessions = sessions
        self._interval = interval
        self._stop = threading.Event()  # BUG RC433: `join` calls Thread._stop up to 3.12

    def run(self) -> None:
        """The thread."""
        while not self._stop.wait(self._interval):
            self._sessions.sweep(time.monotonic())

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self.join()
