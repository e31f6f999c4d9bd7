"""Counted and sold under one lock."""
# expect: passes complete
# switches: 0

import threading


class Stock:
    def __init__(self, pieces):
        self.lock = threading.Lock()
        self.pieces = pieces
        self.refused = 0

    def sell(self):
        with self.lock:
            if self.pieces > 0:
                self.pieces -= 1
            else:
                self.refused += 1


def test():
    stock = Stock(1)
    threads = [threading.Thread(target=stock.sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (stock.pieces, stock.refused) == (0, 1)
