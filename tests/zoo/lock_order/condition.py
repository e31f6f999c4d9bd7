"""A condition has a lock as well."""

import os
import threading


class Bank:
    def __init__(self):
        self.changed = threading.Condition()
        self.lock = threading.Lock()

    def forth(self, gate):
        with self.changed:  # expect: RC309
            with self.lock:  # expect: RC309
                pass
        gate.write(b"x")

    def back(self, gate):
        gate.read(1)
        with self.lock:  # expect: RC309
            with self.changed:  # expect: RC309
                self.changed.notify_all()


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
