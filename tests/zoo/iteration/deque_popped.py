"""A deque is iterated while the other thread pops."""

import os
import threading
from collections import deque


class Line:
    def __init__(self):
        self.people = deque(["a", "b"])
        self.seen = None

    def show(self, pipe):
        for person in self.people:  # expect: RC115 Line.people
            self.seen = person
        pipe.write(b"x")

    def serve(self, pipe):
        pipe.read(1)
        self.people.popleft()  # expect: RC115 Line.people


def main():
    line = Line()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: line.show(writer)),
            threading.Thread(target=lambda: line.serve(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
