"""Lock-heavy: threads take two locks around a counter and do little else."""

from __future__ import annotations

import sys
import threading

from meter import measured

THREADS = 4
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000


class Counter:
    def __init__(self) -> None:
        self.outer = threading.Lock()
        self.inner = threading.Lock()
        self.value = 0

    def run(self) -> None:
        for _ in range(ROUNDS):
            with self.outer:  # noqa: SIM117 - two acquisitions, as they are written in programs
                with self.inner:
                    self.value += 1


def main() -> None:
    counter = Counter()
    threads = [threading.Thread(target=counter.run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    measured(main)
