"""Locks that live as long as one call."""

import asyncio
import threading
from threading import Lock

_clients = {}


def client(name, make):
    lock = Lock()
    with lock:  # RC302
        if name not in _clients:
            _clients[name] = make(name)
        return _clients[name]


class Counter:
    def __init__(self):
        self.value = 0
        self.log = []

    def step(self, amount):
        guard = threading.RLock()
        guard.acquire()  # RC302
        try:
            self.value = self.value + int(amount)
        finally:
            guard.release()
        return self.value

    async def slow_step(self, source):
        turn = asyncio.Lock()
        async with turn:  # RC302
            self.value = self.value + await source.read()

    def many(self, amounts):
        for amount in amounts:
            lock = threading.Lock()
            with lock:  # RC302
                self.log.append(amount)


def start(counter):
    for _ in range(3):
        threading.Thread(target=counter.step, args=(1,)).start()
