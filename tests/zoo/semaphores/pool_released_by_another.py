"""The permit that lets a thread in is not of the one who put back what it takes."""

import os
import threading
from collections import deque


class Connection:
    def __init__(self):
        self.uses = 0


class Pool:
    def __init__(self):
        self.permits = threading.BoundedSemaphore(2)
        self.free = deque([Connection(), Connection()])

    def query(self, used, put_back):
        with self.permits:
            connection = self.free.popleft()
            connection.uses += 1
            used()
            self.free.append(connection)
            put_back()


class Signal:
    """A byte through a pipe: an order that nobody models."""

    def __init__(self):
        self.reading, self.writing = os.pipe()

    def give(self):
        os.write(self.writing, b"x")

    def wait(self):
        os.read(self.reading, 1)
        os.close(self.reading)
        os.close(self.writing)


def main():
    pool = Pool()
    used, both_in, put_back, left = Signal(), Signal(), Signal(), Signal()

    def first():
        pool.query(lambda: (used.give(), both_in.wait()), lambda: (put_back.give(), left.wait()))

    def second():
        used.wait()
        pool.query(lambda: (both_in.give(), put_back.wait()), lambda: None)
        pool.query(lambda: None, lambda: None)
        left.give()

    both = list(pool.free)
    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [connection.uses for connection in both] == [2, 1]


if __name__ == "__main__":
    main()
