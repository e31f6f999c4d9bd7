"""What is taken from the pool is used again after it was put back."""

import os
import threading


class Connection:
    def __init__(self):
        self.uses = 0


class Pool:
    def __init__(self):
        self.permits = threading.Semaphore(3)
        self.free = [Connection() for _ in range(3)]

    def query(self):
        self.permits.acquire()
        connection = self.free.pop()
        connection.uses += 1  # expect: RC101 Connection.uses
        self.free.append(connection)
        self.permits.release()
        connection.uses += 1  # expect: RC101 Connection.uses


def work(pool, reader, writer):
    reader.read(1)
    pool.query()
    writer.write(b"x")


def main():
    pool = Pool()
    last = pool.free[-1]
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        writer.write(b"x")
        threads = [threading.Thread(target=work, args=(pool, reader, writer)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert last.uses == 8


if __name__ == "__main__":
    main()
