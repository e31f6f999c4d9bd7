"""The account with the smaller number is locked first, whichever way the money goes."""

import threading


class Account:
    def __init__(self, number):
        self.number = number
        self.lock = threading.Lock()
        self.balance = 10


def transfer(source, target):
    one, other = sorted((source, target), key=lambda account: account.number)
    with one.lock, other.lock:
        source.balance -= 1
        target.balance += 1


def main():
    first, second = Account(1), Account(2)
    threads = [
        threading.Thread(target=lambda: transfer(first, second)),
        threading.Thread(target=lambda: transfer(second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (first.balance, second.balance) == (10, 10)


if __name__ == "__main__":
    main()
