"""Loops over a list that another thread can shorten, beside the function that they call for it."""

import threading


class Channels:
    """The loop's helper takes out, and so does whoever closes one channel."""

    def __init__(self):
        self._open = []
        threading.Thread(target=self._run).start()

    def _run(self):
        while True:
            self.sweep()

    def sweep(self):
        for channel in self._open:  # RC115
            self._drop(channel)

    def close(self, channel):
        self._drop(channel)

    def leave(self, channel):
        self._drop(channel)

    def _drop(self, channel):
        print("closed")
        self._open.remove(channel)


class Pair:
    """Two threads come to the same loop: one takes out what the other has yet to see."""

    def __init__(self):
        self._open = []
        for _ in range(2):
            threading.Thread(target=self._run).start()

    def _run(self):
        for channel in self._open:  # RC115
            print(channel)
            self._open.remove(channel)
