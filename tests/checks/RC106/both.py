"""Work that a thread and its starter do at the same time."""

import random
import threading
import time


class Backoff:
    def __init__(self):
        self._pause = 1.0

    def reset(self):
        self._pause = 1.0

    def sleep(self):
        time.sleep(self._pause)
        self._pause = min(self._pause * random.random(), 10)  # RC106


class Manager:
    def __init__(self, dial, background):
        self._dial = dial
        self._background = background
        self._lock = threading.Lock()
        self._connecting = False
        self._backoff = Backoff()

    def start(self):
        if self._background:
            self._start_thread()
        self._connect()

    def _start_thread(self):
        with self._lock:
            if self._connecting:
                return
            self._connecting = True
        threading.Thread(target=self._connect, daemon=True).start()

    def _connect(self):
        self._backoff.reset()
        while not self._dial():
            self._backoff.sleep()


class Pauses:
    def __init__(self):
        self._pause = 1.0

    def sleep(self):
        time.sleep(self._pause)
        self._pause = min(self._pause * random.random(), 10)  # RC106


class Chosen:
    """Each call chooses whether it waits for the work: a thread may be at it already."""

    def __init__(self, dial):
        self._dial = dial
        self._pauses = Pauses()

    def connect(self, blocking):
        if blocking:
            self._connect()
        else:
            threading.Thread(target=self._connect, daemon=True).start()

    def _connect(self):
        while not self._dial():
            self._pauses.sleep()


def main(dial):
    manager = Manager(dial, True)
    manager.start()
    Chosen(dial).connect(False)
