"""A comprehension over the items of a dictionary that another thread fills."""

import os
import threading


class Rooms:
    def __init__(self):
        self.people = {"a": 1}
        self.names = {}

    def show(self, pipe):
        self.names = {room: str(n) for room, n in self.people.items()}  # expect: RC115 Rooms.people
        pipe.write(b"x")

    def open(self, pipe):
        pipe.read(1)
        self.people["b"] = 2  # expect: RC115 Rooms.people


def main():
    rooms = Rooms()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: rooms.show(writer)),
            threading.Thread(target=lambda: rooms.open(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
