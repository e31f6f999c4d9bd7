"""Updates are locked; a reader that takes no lock sees one value or the other."""

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0
        self.seen = None

    def deposit(self):
        with self.lock:
            self.balance += 10

    def show(self):
        self.seen = self.balance


def main():
    account = Account()
    threads = [threading.Thread(target=account.deposit), threading.Thread(target=account.show)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.seen in (0, 10)


if __name__ == "__main__":
    main()
