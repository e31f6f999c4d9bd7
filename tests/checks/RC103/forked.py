"""What is put in place anew in a child process, and what is put in place under the wrong lock."""

import os
import threading


class Pool:
    def __init__(self):
        self._fork_lock = threading.Lock()
        self._lock = threading.Lock()
        self.begin()

    def begin(self):
        self._free = []
        self.pid = os.getpid()

    def check(self):
        if self.pid != os.getpid():
            with self._fork_lock:
                self.begin()

    def get(self):
        self.check()
        with self._lock:
            return self._free.pop() if self._free else object()

    def put(self, item):
        with self._lock:
            if len(self._free) < 10:
                self._free.append(item)

    def drop(self):
        with self._fork_lock:
            self._free = []  # RC103


def serve(pool):
    while True:
        pool.put(pool.get())


def main():
    pool = Pool()
    for _ in range(3):
        threading.Thread(target=serve, args=(pool,)).start()
    pool.drop()
