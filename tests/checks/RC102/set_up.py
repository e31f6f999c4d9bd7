"""Changes that are not over when the thread starts, whatever they test."""

# also: RC115
import threading

STOPPED, RUNNING = 0, 1


class Scheduler:
    def __init__(self):
        self._lock = threading.RLock()
        self._stores = {}
        self._names = {}
        self._hooks = {}
        self.state = STOPPED

    def clear(self):
        if self.state == STOPPED:
            raise RuntimeError("not running")
        self._stores.clear()  # RC102

    def rename(self, names):
        self._names = dict(names)  # RC102

    def add(self, name, store):
        with self._lock:
            self._stores[name] = store
            self._names[name] = name
            self._hooks[name] = []

    def start(self):
        if self.state != STOPPED:
            raise RuntimeError("already running")
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()
        self._hooks.clear()  # RC102
        self.state = RUNNING

    def jobs(self):
        with self._lock:
            hooks = [hook for found in self._hooks.values() for hook in found]
            names = [name.title() for name in self._names.values()]
            return [*names, *hooks, *[store.job for store in self._stores.values()]]

    def _loop(self):
        while self.state == RUNNING:
            for job in self.jobs():
                job()


def main():
    scheduler = Scheduler()
    scheduler.add("a", None)
    scheduler.start()
