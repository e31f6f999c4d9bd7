"""The items of a dictionary are iterated while the other thread deletes one."""

import os
import threading


class Rooms:
    def __init__(self):
        self.people = {"a": 1}
        self.seen = None

    def count(self, pipe):
        for room, number in self.people.items():  # expect: RC115 Rooms.people
            self.seen = room, number
        pipe.write(b"x")

    def close(self, pipe):
        pipe.read(1)
        del self.people["a"]  # expect: RC115 Rooms.people


def main():
    rooms = Rooms()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: rooms.count(writer)),
            threading.Thread(target=lambda: rooms.close(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
