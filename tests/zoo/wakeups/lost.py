"""The notify comes before the wait, and nobody looks whether it came."""

import os
import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()

    def put(self, gate):
        with self.changed:
            self.changed.notify()  # expect: RC337
        gate.write(b"x")

    def take(self, gate):
        gate.read(1)
        with self.changed:
            self.changed.wait(timeout=0.05)  # expect: RC337


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
