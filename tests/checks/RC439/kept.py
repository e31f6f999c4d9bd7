"""Stops that count."""

import threading
import time


class SetByStarter:
    def __init__(self):
        self.running = False
        self._thread = None

    def start(self):
        self.running = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        self.running = False
        self._thread.join()

    def restart(self):
        self.stop()
        self.start()

    def _run(self):
        while self.running:
            time.sleep(0.1)


class Begun:
    """stop() waits until the worker has begun."""

    def __init__(self):
        self.running = False
        self.begun = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        self.running = True
        self.begun.set()
        while self.running:
            time.sleep(0.1)

    def stop(self):
        self.begun.wait()
        self.running = False


class Endless(threading.Thread):
    """Nobody but the worker ends it."""

    def __init__(self):
        super().__init__(daemon=True)
        self.again = False

    def run(self):
        self.again = True
        while self.again:
            self.again = self.step()

    def step(self):
        return bool(time.time() % 2)


class Rounds(threading.Thread):
    """The flag is raised in every round: it is no stop flag."""

    def __init__(self):
        super().__init__(daemon=True)
        self.dirty = True

    def run(self):
        while True:
            self.dirty = False
            time.sleep(1)

    def touch(self):
        self.dirty = True
