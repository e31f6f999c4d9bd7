"""Conditions that are not held when they are used."""

import threading


class Store:
    def __init__(self):
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._rows = []
        self._closed = False

    def add(self, row):
        with self._changed:
            self._rows.append(row)
        self._changed.notify()  # RC317

    def close(self):
        self._closed = True
        self._changed.notify_all()  # RC317

    def swap(self, rows):
        with self._lock:
            self._rows = rows
            self._changed.notify_all()  # RC317

    def next_row(self):
        while not self._rows:
            self._changed.wait(1)  # RC317
        return self._rows.pop()


def serve(store, handle):
    def loop():
        while True:
            handle(store.next_row())

    threading.Thread(target=loop).start()
