"""Counted without the lock, sold with it: the last piece is sold twice."""
# expect: fails assertion
# switches: 1
# expect: fails race RC214 Stock.pieces
# switches: 0

import threading


class Stock:
    def __init__(self, pieces):
        self.lock = threading.Lock()
        self.pieces = pieces

    def sell(self):
        if self.pieces > 0:
            with self.lock:
                self.pieces -= 1


def test():
    stock = Stock(1)
    threads = [threading.Thread(target=stock.sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stock.pieces == 0
