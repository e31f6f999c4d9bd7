"""A callback called through a shared object runs on the threads that come to that object."""

from concurrent.futures import ThreadPoolExecutor


class Registry:
    def __init__(self, on_change=None):
        self._on_change = on_change

    def apply(self, name):
        if self._on_change is not None:
            self._on_change(name)


class Service:
    def __init__(self):
        self._pool = ThreadPoolExecutor(4)
        self._rings = {}
        self._registry = Registry(on_change=self._changed)

    def shed(self, names):
        return self._pool.submit(self._count, names)

    def _count(self, names):
        for name in names:
            self._registry.apply(name)

    def _changed(self, name):
        for ring in self._rings.values():  # RC115
            ring.append(name)
        self._rings[name] = [name]

    def apply(self, name):
        self._registry.apply(name)
