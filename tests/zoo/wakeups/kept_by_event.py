"""An event remembers that it was set."""

import os
import threading


class Box:
    def __init__(self):
        self.full = threading.Event()

    def put(self, gate):
        self.full.set()
        gate.write(b"x")

    def take(self, gate):
        gate.read(1)
        self.full.wait()


def main():
    box = Box()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: box.put(writer)),
            threading.Thread(target=lambda: box.take(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
