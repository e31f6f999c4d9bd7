"""Path-heavy: threads count what hangs deep in objects, directly and through properties."""

from __future__ import annotations

import sys
import threading

from meter import measured

THREADS = 4
STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
TURNS = 50


class Totals:
    def __init__(self) -> None:
        self.n = 0
        self.m = 0


class Page:
    def __init__(self) -> None:
        self._totals = Totals()

    @property
    def totals(self) -> Totals:
        return self._totals


class Book:
    def __init__(self) -> None:
        self.page = Page()


class Shelf:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.book = Book()

    def nested(self) -> None:
        for _ in range(TURNS):
            self.book.page._totals.n += 1

    def through(self) -> None:
        for _ in range(TURNS):
            self.book.page.totals.m += 1

    def run(self) -> None:
        for _ in range(STEPS):
            with self.lock:
                self.nested()
                self.through()


def main() -> None:
    shelves = [Shelf() for _ in range(2)]
    threads = [threading.Thread(target=shelves[n % 2].run) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    measured(main)
