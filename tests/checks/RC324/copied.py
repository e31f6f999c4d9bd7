"""Copies of objects that own a lock."""

import copy
import pickle
import threading
from copy import deepcopy


class Engine:
    def __init__(self, name):
        self.name = name
        self._lock = threading.Lock()
        self.parts = []

    def clone(self):
        other = copy.copy(self)  # RC324
        other.name += " copy"
        return other

    def dump(self):
        return pickle.dumps(self)  # RC324


def twin():
    engine = Engine("one")
    engine.parts.append(1)
    return deepcopy(engine)  # RC324
