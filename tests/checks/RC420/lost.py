### file: tests/test_pool.py
"""Assertions on threads."""

import threading
import unittest

import pytest


class PoolTest(unittest.TestCase):
    def setUp(self):
        self.items = [1, 2]

    def check(self, count):
        self.assertEqual(len(self.items), count)  # RC420

    def test_parallel(self):
        def read():
            self.check(2)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


class Reader(threading.Thread):
    def __init__(self, store):
        super().__init__()
        self.store = store

    def run(self):
        assert self.store.get("a") == 1  # RC420
        if len(self.store) > 5:
            pytest.fail("too many")  # RC420


def test_reader():
    reader = Reader({"a": 2})
    reader.start()
    reader.join()


def test_timer():
    hits = []

    def fire():
        hits.append(1)
        assert len(hits) == 1  # RC420

    timer = threading.Timer(0.1, fire)
    timer.start()
    timer.join()
