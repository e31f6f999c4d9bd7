"""The field of a dataclass is changed by two threads, through a parameter."""

import threading
from dataclasses import dataclass


@dataclass
class Stock:
    pieces: int = 10


def sell(stock):
    stock.pieces -= 1  # expect: RC101 Stock.pieces


def main():
    stock = Stock()
    threads = [threading.Thread(target=sell, args=(stock,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
