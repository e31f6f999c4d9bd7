"""Managers that look like fresh locks and are not."""

import contextlib
import threading
from contextlib import nullcontext

import filelock
import portalocker

_registry_lock = threading.Lock()
_locks = {}


def lock_for(name):
    with _registry_lock:
        return _locks.setdefault(name, threading.Lock())


def update(name, table):
    with lock_for(name):
        table[name] = table.get(name, 0) + 1


def read(table, shared):
    with _registry_lock if shared else nullcontext():
        return dict(table)


def save(path, text):
    with filelock.FileLock(f"{path}.lock", timeout=5):
        with open(path, "w") as stream:
            stream.write(text)


def save_again(path, text):
    with portalocker.Lock(path, "w") as stream:
        stream.write(text)


class Lock(contextlib.AbstractContextManager):
    """A marker on a row; not a lock of threads."""

    def __init__(self, row):
        self.row = row

    def __exit__(self, *exc):
        self.row.unmark()


def change(row, value):
    with Lock(row):
        row.value = value


def notify(waiting):
    with threading.Condition(_registry_lock) as changed:
        waiting.clear()
        changed.notify_all()
