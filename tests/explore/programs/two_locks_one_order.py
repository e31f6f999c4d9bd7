"""Two locks, always in the same order."""
# expect: passes
# switches: 0

import threading


class Bank:
    def __init__(self):
        self.first = threading.Lock()
        self.second = threading.Lock()
        self.left = 10
        self.right = 10

    def move(self, amount):
        with self.first:
            with self.second:
                self.left -= amount
                self.right += amount


def test():
    bank = Bank()
    threads = [threading.Thread(target=bank.move, args=(amount,)) for amount in (1, -2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (bank.left, bank.right) == (11, 9)
