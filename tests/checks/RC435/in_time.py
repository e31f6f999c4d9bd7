"""Flags that are set in time, or by somebody we cannot see."""

import signal
import threading
import time


class Server:
    def __init__(self):
        self.serving = False

    def open(self):
        self.serving = True
        threading.Thread(target=self.loop).start()

    def close(self):
        self.serving = False

    def loop(self):
        while self.serving:
            time.sleep(0.1)


class SetByWorker(threading.Thread):
    def __init__(self):
        super().__init__()
        self.active = False

    def run(self):
        self.prepare()
        while self.active:
            time.sleep(0.1)

    def prepare(self):
        self.active = True


class SetByName:
    def __init__(self, **options):
        self.enabled = False
        for name, value in options.items():
            setattr(self, name, value)
        threading.Thread(target=self.loop).start()

    def loop(self):
        while self.enabled:
            time.sleep(0.1)


class SetByOthers(threading.Thread):
    """`obj.polling = True` on an object whose class we do not know."""

    polling = False

    def run(self):
        while self.polling:
            time.sleep(0.1)


def enable(things):
    for thing in things:
        thing.polling = True
        thing.start()


class Two:
    """Another method turns it on, perhaps first."""

    def __init__(self):
        self.running = False

    def enable(self):
        self.running = True

    def start(self):
        threading.Thread(target=self.loop).start()
        self.running = True

    def loop(self):
        while self.running:
            time.sleep(0.1)


class Locked:
    """The worker cannot look before start() is over."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = False

    def start(self):
        with self.lock:
            threading.Thread(target=self.loop).start()
            self.running = True

    def loop(self):
        with self.lock:
            print("begun")
        while self.running:
            time.sleep(0.1)


class Property:
    def __init__(self):
        self._thread = threading.Thread(target=self.loop)
        self._thread.start()

    @property
    def running(self):
        return self._thread.is_alive()

    def loop(self):
        while self.running:
            time.sleep(0.1)


class Handled:
    """Not a thread's loop: the main thread runs it until a signal."""

    def __init__(self):
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)

    def stop(self, *args):
        self.stopping = True

    def forever(self):
        while not self.stopping:
            time.sleep(1)


class Parameter:
    def __init__(self, run_at_once):
        self.go = run_at_once
        threading.Thread(target=self.loop).start()

    def loop(self):
        while self.go:
            time.sleep(0.1)


class Retry:
    """A loop with work left when the flag falls is no stop flag."""

    def __init__(self):
        self.pending = []
        threading.Thread(target=self.loop).start()

    def loop(self):
        while self.pending:
            self.pending.pop()


class Prepared:
    """A helper that __init__ calls first sets the flag."""

    def __init__(self):
        self.going = False
        self._enable()
        threading.Thread(target=self._run, daemon=True).start()

    def _enable(self):
        self.going = True

    def _run(self):
        while self.going:
            time.sleep(0.1)


class Rerun:
    """The loop stands in a loop: it is tested again."""

    def __init__(self):
        self.busy = False
        threading.Thread(target=self._run, daemon=True).start()

    def begin(self):
        self.busy = True

    def _run(self):
        while True:
            while self.busy:
                time.sleep(0.1)
            time.sleep(1)
