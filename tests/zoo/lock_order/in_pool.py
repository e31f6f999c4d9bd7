"""Two jobs of a pool take two locks in opposite order."""

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self, gates):
        with self.left:  # expect: RC309
            with self.right:  # expect: RC309
                pass
        gates[1].write(b"x")
        gates[0].read(1)

    def back(self, gates):
        gates[0].read(1)
        with self.right:  # expect: RC309
            with self.left:  # expect: RC309
                pass
        gates[1].write(b"x")


def main():
    bank = Bank()
    pipes = [os.pipe(), os.pipe()]
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(open(read, "rb", 0)) for read, _ in pipes]
        writers = [stack.enter_context(open(write, "wb", 0)) for _, write in pipes]
        with ThreadPoolExecutor(2) as pool:
            pool.submit(bank.forth, (readers[0], writers[1]))
            pool.submit(bank.back, (readers[1], writers[0]))


if __name__ == "__main__":
    main()
