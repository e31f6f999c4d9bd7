"""Joins under a flag that the thread sets, as its last act or not; callbacks, which nobody joins."""

import atexit
import threading


class Executor:
    def __init__(self):
        self._lock = threading.Lock()
        self._stopped = False
        self._will_exit = False
        self._thread = None

    def open(self):
        with self._lock:
            if self._will_exit:
                self._thread.join()
            self._will_exit = False
            self._stopped = False
            self._thread = threading.Thread(target=self._run)
            self._thread.start()

    def close(self):
        with self._lock:
            self._stopped = True

    def _should_stop(self):
        with self._lock:
            if self._stopped:
                self._will_exit = True
                return True
            return False

    def _run(self):
        while not self._should_stop():
            print("work")


class Early(Executor):
    """Sets the flag before it is through."""

    def reopen(self):
        with self._lock:
            if self._running:
                self._thread.join()  # RC312
            self._thread = threading.Thread(target=self._work)

    def _work(self):
        with self._lock:
            self._running = True
            print("started")
        with self._lock:
            self._running = False


class Queue:
    def __init__(self):
        self._flush_lock = threading.Lock()
        self._consumer = threading.Thread(target=self._consume)
        self._consumer.start()
        atexit.register(self.flush)

    def _consume(self):
        print("work")

    def flush(self):
        with self._flush_lock:
            self._consumer.join()
