"""A dictionary is iterated while the other thread inserts: RuntimeError, sooner or later."""

import os
import threading


class Rooms:
    def __init__(self):
        self.people = {"a": 1}
        self.total = 0

    def count(self, pipe):
        for room in self.people:  # expect: RC115 Rooms.people
            self.total = len(room)
        pipe.write(b"x")

    def open(self, pipe):
        pipe.read(1)
        self.people["b"] = 2  # expect: RC115 Rooms.people


def main():
    rooms = Rooms()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: rooms.count(writer)),
            threading.Thread(target=lambda: rooms.open(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
