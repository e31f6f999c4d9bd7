"""`empty()` orders nothing: it says what was true a moment ago."""

import os
import queue
import threading


class Desk:
    def __init__(self):
        self.letters = queue.Queue()
        self.steps = 0

    def send(self, gate):
        self.letters.put("a")
        self.steps += 1  # expect: RC101 Desk.steps
        gate.write(b"x")

    def look(self, gate):
        gate.read(1)
        if not self.letters.empty():
            self.steps += 1  # expect: RC101 Desk.steps


def main():
    desk = Desk()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: desk.send(writer)),
            threading.Thread(target=lambda: desk.look(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
