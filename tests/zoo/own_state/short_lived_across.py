"""Each thread's objects die before the next thread's are born, at the same addresses."""

import contextlib
import os
import threading


class Box:
    def __init__(self):
        self.count = 0


def work(gate_in, gate_out):
    for _ in range(50):
        gate_in.read(1)
        box = Box()
        box.count += 1
        del box
        gate_out.write(b"x")


def main():
    pipes = [os.pipe(), os.pipe()]
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(open(read, "rb", 0)) for read, _ in pipes]
        writers = [stack.enter_context(open(write, "wb", 0)) for _, write in pipes]
        writers[0].write(b"x")
        threads = [
            threading.Thread(target=lambda: work(readers[0], writers[1])),
            threading.Thread(target=lambda: work(readers[1], writers[0])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
