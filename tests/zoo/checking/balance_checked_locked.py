"""The balance is compared and lowered under one lock."""

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 10

    def withdraw(self):
        with self.lock:
            if self.balance >= 1:
                self.balance -= 1


def main():
    account = Account()
    threads = [threading.Thread(target=account.withdraw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.balance == 8


if __name__ == "__main__":
    main()
