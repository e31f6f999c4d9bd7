"""The notify comes first, but the waiter looks before it waits."""

import os
import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.full = False

    def put(self, gate):
        with self.changed:
            self.full = True
            self.changed.notify()
        gate.write(b"x")

    def take(self, gate):
        gate.read(1)
        with self.changed:
            while not self.full:
                self.changed.wait()
            self.full = False


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
