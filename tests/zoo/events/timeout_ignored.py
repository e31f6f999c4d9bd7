"""The wait ran out of time, and nobody looked at what it returned."""

import os
import threading


class Page:
    def __init__(self):
        self.ready = threading.Event()
        self.visits = 0

    def write(self, gate):
        self.visits += 1  # expect: RC101 Page.visits
        gate.read(1)
        self.ready.set()

    def read(self, gate):
        self.ready.wait(0.01)
        self.visits += 1  # expect: RC101 Page.visits
        gate.write(b"x")


def main():
    page = Page()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: page.write(reader)),
            threading.Thread(target=lambda: page.read(writer)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
