"""The same circle, with acquire and release by hand."""

import os
import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self, gate):
        self.left.acquire()  # expect: RC309
        self.right.acquire()  # expect: RC309
        self.left.release()
        self.right.release()
        gate.write(b"x")

    def back(self, gate):
        gate.read(1)
        self.right.acquire()  # expect: RC309
        self.left.acquire()  # expect: RC309
        self.right.release()
        self.left.release()


def main():
    bank = Bank()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: bank.forth(writer)),
            threading.Thread(target=lambda: bank.back(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
