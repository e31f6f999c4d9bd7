"""A stale check whose failure is suppressed, and one where something else is."""

import contextlib
import threading


class Link:
    def __init__(self, connect):
        self._connect = connect
        self._session = None
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while True:
            self._session = self._connect()
            self._session.wait()
            self._session = None

    def hang_up(self):
        if self._session is not None:
            print("hanging up")
            with contextlib.suppress(Exception):
                self._session.hang_up()

    def ring(self):
        if self._session is not None:  # RC214
            print("ringing")
            with contextlib.suppress(KeyError):
                self._session.ring()

    def beep(self):
        if self._session is not None:  # RC214
            print("beep")
            try:
                self._session.beep()
            except KeyError:
                print("no such tone")
