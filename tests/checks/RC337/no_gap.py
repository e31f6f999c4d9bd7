"""The test and the wait stand together, or nothing can be missed."""

import threading


class Mill:
    def __init__(self):
        self._cond = threading.Condition()
        self._pulse = threading.Condition()
        self._sacks = []
        self._closed = False
        self._name = ""

    def deliver(self, sack):
        with self._cond:
            self._sacks.append(sack)
            self._cond.notify()

    def tick(self):
        with self._pulse:
            self._pulse.notify_all()

    def rename(self, name):
        self._name = name

    def grind(self):
        with self._cond:
            while not self._sacks:
                self._cond.wait()
            return self._sacks.pop()

    def twice(self):
        with self._cond:
            first = self._sacks.pop() if self._sacks else None
        if first is None:
            with self._cond:
                self._cond.wait_for(lambda: self._sacks)
                first = self._sacks.pop()
        return first

    def checked_again(self):
        if self._sacks:
            return True
        with self._cond:
            if not self._sacks and not self._closed:
                self._cond.wait()
            return bool(self._sacks)

    def polling(self):
        while not self._sacks:
            with self._cond:
                self._cond.wait(timeout=0.5)

    def pulses(self, draw):
        while self._name:
            with self._pulse:
                self._pulse.wait()
            draw()

    def forever(self, draw):
        while True:
            with self._cond:
                self._cond.wait()
                sacks = list(self._sacks)
            draw(sacks)
