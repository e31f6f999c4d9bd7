"""Stops that are forgotten."""

import threading
import time


class Watcher:
    """The loop stands in a method that the target calls."""

    def __init__(self, path):
        self.path = path
        self._done = False
        self._thread = threading.Thread(target=self._main)

    def open(self):
        self._thread.start()

    def close(self):
        self._done = True
        self._thread.join()

    def _main(self):
        self._done = False  # RC439
        self._watch()

    def _watch(self):
        while not self._done:
            time.sleep(1)
            print(self.path)


class Restarted:
    """Stop and start in one method, on one event."""

    def __init__(self):
        self._halt = threading.Event()
        self._thread = None

    def open(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._halt.set()

    def reopen(self):
        self._halt.set()
        self._halt.clear()  # RC439
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._halt.wait(1.0):
            print("tick")


active = False


def spin():
    global active
    active = True  # RC439
    while active:
        time.sleep(1)


def cancel():
    global active
    active = False


def launch():
    threading.Thread(target=spin, daemon=True).start()
