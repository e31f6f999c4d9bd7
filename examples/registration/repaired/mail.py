"""Letters to users, sent by one thread from a queue."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass

RELAY_PAUSE = 0.001


class MailError(Exception):
    """The relay does not want the letter."""


@dataclass(frozen=True)
class Letter:
    """What to send, and to whom."""

    to: str
    subject: str


class Mailer(threading.Thread):
    """Sends what is posted. The relay is a stand-in: slow, and it refuses odd addresses."""

    def __init__(self, relay: str = "localhost") -> None:
        super().__init__(name="mailer")
        self._relay = relay
        self._letters: queue.Queue[Letter | None] = queue.Queue()
        self._lock = threading.Lock()
        self._sent: dict[str, int] = {}
        self._failed = 0

    def post(self, letter: Letter) -> None:
        """Hand a letter in; returns at once."""
        self._letters.put(letter)

    def drain(self) -> None:
        """Wait until every letter handed in so far is dealt with."""
        self._letters.join()

    def run(self) -> None:
        """The thread: until the sentinel comes."""
        while True:
            letter = self._letters.get()
            try:
                if letter is None:
                    return
                self._deliver(letter)
            except MailError:
                with self._lock:
                    self._failed += 1
            finally:
                self._letters.task_done()

    def stop(self) -> None:
        """Send what is left, then end the thread."""
        self._letters.put(None)
        self.join()

    def figures(self) -> dict[str, int]:
        """For the statistics page."""
        with self._lock:
            return {"sent": sum(self._sent.values()), "failed": self._failed}

    def _deliver(self, letter: Letter) -> None:
        """Talk to the relay, then count; the lock is not held meanwhile."""
        time.sleep(RELAY_PAUSE)
        if "!" in letter.to:
            raise MailError(f"{self._relay} refuses {letter.to!r}")
        with self._lock:
            self._sent[letter.to] = self._sent.get(letter.to, 0) + 1
