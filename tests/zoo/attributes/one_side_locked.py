"""One method takes the lock, the other one forgot it."""

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0

    def deposit(self):
        with self.lock:
            self.balance += 10  # expect: RC101 Account.balance

    def withdraw(self):
        self.balance -= 5  # expect: RC101 Account.balance


def main():
    account = Account()
    threads = [threading.Thread(target=account.deposit), threading.Thread(target=account.withdraw)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
