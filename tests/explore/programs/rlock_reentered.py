"""A method under the lock calls another one that takes it again."""
# expect: passes complete
# switches: 0

import threading


class Account:
    def __init__(self):
        self.lock = threading.RLock()
        self.balance = 0

    def add(self, amount):
        with self.lock:
            self.balance += amount

    def add_twice(self, amount):
        with self.lock:
            self.add(amount)
            self.add(amount)


def test():
    account = Account()
    threads = [threading.Thread(target=account.add_twice, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.balance == 6
