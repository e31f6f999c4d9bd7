"""Two threads import the same module for the first time."""
# expect: passes
# switches: 0

import importlib
import sys
import threading


class Loader:
    def __init__(self):
        self.got = []

    def load(self, name):
        self.got.append(importlib.import_module(name))


def test():
    sys.modules.pop("colorsys", None)
    loader = Loader()
    threads = [threading.Thread(target=loader.load, args=("colorsys",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loader.got[0] is loader.got[1]
