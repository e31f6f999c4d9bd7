"""Each transfer locks its source first: two that cross each other wait for ever."""
# expect: fails deadlock
# switches: 1

import threading


class Account:
    def __init__(self, balance):
        self.lock = threading.Lock()
        self.balance = balance

    def transfer(self, other, amount):
        with self.lock:
            with other.lock:
                self.balance -= amount
                other.balance += amount


def test():
    first, second = Account(10), Account(10)
    threads = [
        threading.Thread(target=first.transfer, args=(second, 1)),
        threading.Thread(target=second.transfer, args=(first, 2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (first.balance, second.balance) == (11, 9)
