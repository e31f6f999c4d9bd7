"""Queue-heavy: producers, a bounded queue, consumers, and a pool that works on batches."""

from __future__ import annotations

import queue
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from meter import measured

ITEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


class Job:
    def __init__(self, number: int) -> None:
        self.number = number
        self.result = 0

    def work(self) -> int:
        for n in range(20):
            self.result += n * self.number
        return self.result


def produce(jobs: queue.Queue[Job | None]) -> None:
    for number in range(ITEMS):
        jobs.put(Job(number))
    jobs.put(None)


def consume(jobs: queue.Queue[Job | None]) -> None:
    while (job := jobs.get()) is not None:
        job.work()


def main() -> None:
    jobs: queue.Queue[Job | None] = queue.Queue(100)
    threads = [threading.Thread(target=role, args=(jobs,)) for role in (produce, consume) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ThreadPoolExecutor(4) as pool:
        sum(pool.map(Job.work, [Job(number) for number in range(ITEMS // 4)]))


if __name__ == "__main__":
    measured(main)
