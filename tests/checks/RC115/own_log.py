"""A job that works on the node of the service, and on its log through it."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Log:
    def __init__(self):
        self._machines = {}

    def register(self, name, machine):
        self._machines[name] = machine

    def restore(self, data):
        for name, machine in self._machines.items():  # RC115
            machine.load(data.get(name))


class Node:
    def __init__(self):
        self.lock = threading.Lock()
        self.term = 0
        self.log = Log()

    def advance(self):
        with self.lock:
            self.term += 1

    def restore(self, data):
        self.log.restore(data)


class Service:
    def __init__(self):
        self._pool = ThreadPoolExecutor(4)
        self._node = Node()

    def shed(self, machine, data):
        return self._pool.submit(self._replay, machine, data)

    def _replay(self, machine, data):
        node = self._node
        node.log.register("ring", machine)
        node.restore(data)

    def begin(self, machine, data):
        self._node.log.register("ring", machine)
        self._node.restore(data)
