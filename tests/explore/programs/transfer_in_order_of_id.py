"""Both accounts are locked, the one with the lower number first."""
# expect: passes
# switches: 0

import threading


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.lock = threading.Lock()
        self.balance = balance

    def transfer(self, other, amount):
        low, high = sorted((self, other), key=lambda account: account.number)
        with low.lock:
            with high.lock:
                self.balance -= amount
                other.balance += amount


def test():
    first, second = Account(1, 10), Account(2, 10)
    threads = [
        threading.Thread(target=first.transfer, args=(second, 1)),
        threading.Thread(target=second.transfer, args=(first, 2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (first.balance, second.balance) == (11, 9)
