"""The predicate is looked at before the lock is taken; the notify fits in between."""

import contextlib
import os
import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.full = False

    def put(self, gates):
        gates[0].read(1)
        with self.changed:
            self.full = True
            self.changed.notify()  # expect: RC337
        gates[1].write(b"x")

    def take(self, gates):
        if not self.full:
            gates[1].write(b"x")
            gates[0].read(1)
            with self.changed:
                self.changed.wait(timeout=0.05)  # expect: RC337


def main():
    box = Box()
    pipes = [os.pipe(), os.pipe()]
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(open(read, "rb", 0)) for read, _ in pipes]
        writers = [stack.enter_context(open(write, "wb", 0)) for _, write in pipes]
        gates = [(readers[0], writers[1]), (readers[1], writers[0])]
        threads = [
            threading.Thread(target=lambda: box.put(gates[0])),
            threading.Thread(target=lambda: box.take(gates[1])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
