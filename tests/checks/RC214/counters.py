"""Counters that are tested and then moved on, while another thread stores something else there."""

import threading


class Budget:
    """What is left is computed from what was read: the refill in between is lost."""

    def __init__(self):
        self._left = 0
        threading.Thread(target=self._run).start()

    def _run(self):
        while True:
            if self._left > 0:  # RC214
                print("spend")
                self._left = self._left - 1

    def empty(self):
        print("empty")
        self._left = 0


class Slots:
    """Several workers count: two pass the test at the last free slot."""

    def __init__(self):
        self._taken = 0
        for _ in range(4):
            threading.Thread(target=self._run).start()

    def _run(self):
        while True:
            if self._taken < 5:  # RC214
                print("take")
                self._taken += 1

    def restart(self):
        print("restart")
        self._taken = 0
