"""A constructor that registers callbacks shares nothing; one that starts a thread does."""

import threading
import weakref


class Manager(threading.Thread):
    def __init__(self, executor):
        super().__init__()

        def woken(_, wakeup=executor.wakeup):
            wakeup.set()

        self.executor = weakref.ref(executor, woken)
        self.pending = executor.pending

    def run(self):
        while self.pending:
            print("one less")
            self.pending.pop()


class Eager:
    def __init__(self, source):
        self.pending = []
        for _ in range(2):
            threading.Thread(target=self._run, daemon=True).start()
        self.pending = source.pending

    def _run(self):
        while self.pending:  # RC202
            print("one less")
            self.pending.pop()


def manage(executors):
    for executor in executors:
        manager = Manager(executor)
        manager.start()
