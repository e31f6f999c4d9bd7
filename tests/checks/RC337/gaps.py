"""A gap between the test and the wait."""

import threading


class Mill:
    def __init__(self):
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._sacks = []
        self._closed = False

    def deliver(self, sack):
        with self._changed:
            self._sacks.append(sack)
            self._changed.notify()

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def grind(self):
        with self._lock:
            empty = not self._sacks
        if empty:
            with self._changed:
                self._changed.wait()  # RC337
        with self._lock:
            return self._sacks.pop() if self._sacks else None

    def run(self, work):
        while not self._closed:
            with self._changed:
                self._changed.wait()  # RC337
            work(self)


def feed(mill, sacks):
    threading.Thread(target=mill.run, args=(print,)).start()
    for sack in sacks:
        mill.deliver(sack)
    mill.close()
