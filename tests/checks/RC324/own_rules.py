"""Classes that say how they are copied, and copies of something else."""

import copy
import pickle
import threading

import thirdparty


class Engine:
    def __init__(self):
        self._lock = threading.Lock()
        self.parts = []

    def __getstate__(self):
        state = self.__dict__.copy()
        del state["_lock"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._lock = threading.Lock()

    def clone(self):
        return copy.copy(self)

    def copy_parts(self):
        with self._lock:
            return copy.deepcopy(self.parts)


class Fast(Engine):
    def dump(self):
        return pickle.dumps(self)


class Foreign(thirdparty.Model):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def clone(self):
        return copy.deepcopy(self)


def duplicate(thing):
    return copy.deepcopy(thing)
