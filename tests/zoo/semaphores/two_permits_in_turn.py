"""Two permits do not order two threads, even where one happens to come after the other."""

import os
import threading


class Counter:
    def __init__(self):
        self.gate = threading.Semaphore(2)
        self.value = 0

    def add(self):
        with self.gate:
            self.value += 1  # expect: RC101 Counter.value


def work(counter, reader, writer):
    reader.read(1)
    counter.add()
    writer.write(b"x")


def main():
    counter = Counter()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        writer.write(b"x")
        threads = [threading.Thread(target=work, args=(counter, reader, writer)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
