"""A frozen dataclass is read by everybody and changed by nobody; a new one is made instead."""

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Stock:
    pieces: int = 10


def sell(stock, sold):
    sold.append(replace(stock, pieces=stock.pieces - 1))


def main():
    stock = Stock()
    sold = ([], [])
    threads = [threading.Thread(target=sell, args=(stock, mine)) for mine in sold]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.pieces for mine in sold for one in mine] == [9, 9]


if __name__ == "__main__":
    main()
