"""Threads that have their work from elsewhere."""

import threading


class Worker(threading.Thread):
    def __init__(self, func, *args):
        threading.Thread.__init__(self, None, func, "worker", args)


class Lazy(threading.Thread):
    def __init__(self, func):
        super().__init__()
        self._target = func


class Set(threading.Thread):
    def __init__(self, func):
        super().__init__()
        self.run = func


class Plain(threading.Thread):
    pass


class Abstract(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)


class Concrete(Abstract):
    def run(self):
        print("running")


def spawn(func, *args, **options):
    probe = threading.Thread()
    print(hasattr(probe, "native_id"))
    workers = [
        threading.Thread(None, func),
        threading.Thread(*args),
        threading.Thread(**options),
        Worker(func, 1),
        Lazy(func),
        Set(func),
        Plain(target=func),
        Concrete(),
    ]
    last = threading.Thread(name="last")
    last.run = func
    last.start()
    for worker in workers:
        worker.start()
