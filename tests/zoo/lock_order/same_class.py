"""Money goes from one account to another and back: two locks made by the same line."""

import os
import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 10


def transfer(source, target):
    with source.lock:  # expect: RC310
        with target.lock:  # expect: RC310
            source.balance -= 1
            target.balance += 1


def main():
    first, second = Account(), Account()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:

        def forth():
            transfer(first, second)
            writer.write(b"x")

        def back():
            reader.read(1)
            transfer(second, first)

        threads = [threading.Thread(target=forth), threading.Thread(target=back)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
