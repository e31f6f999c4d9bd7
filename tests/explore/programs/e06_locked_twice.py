"""Read under the lock, written under the lock, but not both under one: an update is lost."""
# expect: fails assertion
# switches: 1

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0

    def get(self):
        with self.lock:
            return self.balance

    def set(self, value):
        with self.lock:
            self.balance = value

    def deposit(self, amount):
        self.set(self.get() + amount)


def test():
    account = Account()
    threads = [threading.Thread(target=account.deposit, args=(10,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.balance == 20
