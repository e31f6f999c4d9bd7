"""Re-entrant locks deadlock on each other like any others."""

import os
import threading


class Bank:
    def __init__(self):
        self.left = threading.RLock()
        self.right = threading.RLock()

    def forth(self, gate):
        with self.left:  # expect: RC309
            with self.right:  # expect: RC309
                pass
        gate.write(b"x")

    def back(self, gate):
        gate.read(1)
        with self.right:  # expect: RC309
            with self.left:  # expect: RC309
                pass


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
