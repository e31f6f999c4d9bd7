"""A subclass of Thread overrides run and keeps its result; it is read after the join."""

import threading


class Worker(threading.Thread):
    def __init__(self):
        super().__init__()
        self.result = 0

    def run(self):
        for number in range(5):
            self.result += number


def main():
    workers = [Worker(), Worker()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        worker.result += 1
    assert [worker.result for worker in workers] == [11, 11]


if __name__ == "__main__":
    main()
