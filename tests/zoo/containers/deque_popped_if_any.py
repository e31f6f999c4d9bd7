"""A deque is looked at before it is popped."""

import os
import threading
from collections import deque


class Pipe:
    def __init__(self):
        self.items = deque([1, 2, 3])

    def take(self):
        while self.items:  # expect: RC214 Pipe.items
            self.items.popleft()  # expect: RC214 Pipe.items


def drain(pipe, reader, writer):
    reader.read(1)
    pipe.take()
    writer.write(b"x")


def main():
    pipe = Pipe()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        writer.write(b"x")
        threads = [threading.Thread(target=lambda: drain(pipe, reader, writer)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
