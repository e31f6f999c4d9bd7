### file: tests/test_pool.py
"""Assertions that reach the test."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor


def check(value):
    assert value == 1


class Checked(threading.Thread):
    """Keeps what went wrong, and raises it in join()."""

    def __init__(self, func):
        super().__init__()
        self.func = func
        self.error = None

    def run(self):
        try:
            self.func()
        except BaseException as error:
            self.error = error

    def join(self, timeout=None):
        super().join(timeout)
        if self.error:
            raise self.error


class PoolTest(unittest.TestCase):
    def test_executor(self):
        with ThreadPoolExecutor() as pool:
            pool.submit(check, 1).result()

    def test_checked(self):
        worker = Checked(lambda: check(1))
        worker.start()
        worker.join()

    def test_collected(self):
        seen = []
        lock: threading.Lock | None = threading.Lock()

        def read():
            assert lock is not None
            with lock:
                seen.append(1)

        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        self.assertEqual(seen, [1])
### file: tests/test_hook.py
"""The hook collects."""

import threading

errors = []
threading.excepthook = errors.append


def test_hooked():
    def work():
        assert errors == []

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    check = errors == []
    assert check
### file: app/checks.py
"""No test: a broken invariant may end the thread."""

import threading


def work(items):
    assert items


def start(items):
    threading.Thread(target=work, args=(items,)).start()
