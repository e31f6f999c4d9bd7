"""The balance is compared before it is lowered."""

import threading


class Account:
    def __init__(self):
        self.balance = 10

    def withdraw(self):
        if self.balance >= 1:  # expect: RC214 Account.balance
            self.balance -= 1  # expect: RC101 Account.balance, RC214 Account.balance


def main():
    account = Account()
    threads = [threading.Thread(target=account.withdraw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
