"""A loop goes on while there is something left, and takes it in its body."""

import os
import threading


class Stock:
    def __init__(self):
        self.pieces = 3

    def drain(self):
        while self.pieces > 0:  # expect: RC214 Stock.pieces
            self.pieces -= 1  # expect: RC101 Stock.pieces


def main():
    stock = Stock()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:

        def one():
            if stock.pieces > 2:
                stock.pieces -= 1  # expect: RC101 Stock.pieces, RC214 Stock.pieces
            writer.write(b"x")

        def other():
            reader.read(1)
            stock.drain()

        threads = [threading.Thread(target=one), threading.Thread(target=other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
