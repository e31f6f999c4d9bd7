"""Stores under keys that are there change no size; stores under new ones do."""

import threading


class Runs:
    def __init__(self):
        self.status = {}
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, name):
        threading.Thread(target=self._go, args=(name,), daemon=True).start()

    def _work(self):
        while True:
            for name in self.status:
                print(name)

    def _go(self, name):
        if self.status[name] == "stopped":
            return
        self.status[name] = "running"
        if name in self.status:
            self.status[name] = "done"


class Jobs:
    def __init__(self):
        self.status = {}
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, name):
        threading.Thread(target=self._go, args=(name,), daemon=True).start()

    def _work(self):
        while True:
            for name in self.status:  # RC115
                print(name)

    def _go(self, name):
        if name.endswith("!"):
            print(self.status[name])
        self.status[name] = "running"


class Moved:
    def __init__(self):
        self.status = {}
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, name):
        threading.Thread(target=self._go, args=(name,), daemon=True).start()

    def _work(self):
        while True:
            for name in self.status:  # RC115
                print(name)

    def _go(self, name):
        print(self.status[name])
        name = name.lower()
        self.status[name] = "running"
