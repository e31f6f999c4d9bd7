"""Small programs to explore, written into a folder and imported under a name of their own."""

from __future__ import annotations

import importlib
import sys
from itertools import count
from pathlib import Path
from types import ModuleType

_numbers = count()

TWO_THREADS = """\
import threading


def both(*functions):
    threads = [threading.Thread(target=one) for one in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


"""

BANK = (
    TWO_THREADS
    + """\
class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 100

    def peek(self):
        with self.lock:
            return self.balance

    def withdraw(self):
        if self.peek() >= 80:
            with self.lock:
                self.balance -= 80


def test_overdrawn():
    account = Account()
    both(account.withdraw, account.withdraw)
    assert account.balance >= 0


def test_counted():
    account = Account()
    both(account.peek, account.peek)
    assert account.balance == 100


def test_alone():
    assert Account().peek() == 100
"""
)
"""No data race: only an order that no lock forbids shows what is wrong with it."""

RACY = (
    TWO_THREADS
    + """\
class Page:
    def __init__(self):
        self.hits = 0

    def show(self):
        self.hits += 1


def test_hits():
    page = Page()
    both(page.show, page.show)
"""
)

DEADLOCK = (
    TWO_THREADS
    + """\
def test_both_orders():
    first, second = threading.Lock(), threading.Lock()

    def up():
        with first:
            with second:
                pass

    def down():
        with second:
            with first:
                pass

    both(up, down)
"""
)


def module(folder: Path, text: str) -> ModuleType:
    """Import it as it is, under a name that nobody had before."""
    name = f"explored_{next(_numbers)}"
    (folder / f"{name}.py").write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
