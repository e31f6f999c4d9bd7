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
        self._target = relay  # BUG RC433: lost, for Thread.__init__ sets `_target` to None
        super().__init__(name="mailer")
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
            letter = self._letters.get()  # BUG RC417: a refused letter is never marked as done
            if letter is None:
                return
            try:
                self._deliver(letter)
                self._letters.task_done()
            except MailError:
                with self._lock:
                    self._failed += 1

    def stop(self) -> None:
        """Send what is left, then end the thread."""
        self._letters.put(None)
        self.join()

    def figures(self) -> dict[str, int]:
        """For the statistics page."""
        with self._lock:
            return {"sent": sum(self._sent.values()), "failed": self._failed}

    def _deliver(self, letter: Letter) -> None:
        """Talk to the relay and count."""
        with self._lock:
            time.sleep(RELAY_PAUSE)  # BUG RC311: the statistics page waits for the relay
            if "!" in letter.to:
                raise MailError(f"{self._target} refuses {letter.to!r}")
            self._sent[letter.to] = self._sent.get(letter.to, 0) + 1
