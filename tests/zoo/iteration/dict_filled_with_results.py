"""A dictionary is iterated while another thread stores what a call returned under a new key."""

import os
import threading


def compute(key):
    return key * 2


class Results:
    def __init__(self):
        self.values = {0: 0}

    def fill(self):
        self.values[1] = compute(1)  # expect: RC115 Results.values

    def total(self):
        result = 0
        for key in self.values:  # expect: RC115 Results.values
            result += key
        return result


def main():
    results = Results()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:

        def fill():
            results.fill()
            writer.write(b"x")

        def total():
            reader.read(1)
            results.total()

        threads = [threading.Thread(target=fill), threading.Thread(target=total)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
