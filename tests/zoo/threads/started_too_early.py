"""A thread is started in the middle of the constructor, which then sets what the thread uses."""

import os
import threading


class Service:
    def __init__(self, reader, writer):
        self.thread = threading.Thread(target=self.run, args=(reader,))
        self.thread.start()
        self.steps = 0  # expect: RC101 Service.steps
        writer.write(b"x")

    def run(self, reader):
        reader.read(1)
        self.steps += 1  # expect: RC101 Service.steps


def main():
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        Service(reader, writer).thread.join()


if __name__ == "__main__":
    main()
