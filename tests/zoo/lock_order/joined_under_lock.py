"""A thread is joined under a lock that it takes; this time it was through already."""

import os
import threading


class Worker:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def run(self, gate):
        with self.lock:  # expect: RC312
            self.steps += 1
        gate.write(b"x")


def main():
    worker = Worker()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        thread = threading.Thread(target=worker.run, args=(writer,))
        thread.start()
        reader.read(1)
        with worker.lock:  # expect: RC312
            thread.join()  # expect: RC312


if __name__ == "__main__":
    main()
