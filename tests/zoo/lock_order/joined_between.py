"""Opposite orders on two threads, but the first one has ended before the second one starts."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self):
        with self.left, self.right:
            pass

    def back(self):
        with self.right, self.left:
            pass


def main():
    bank = Bank()
    for target in (bank.forth, bank.back):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()


if __name__ == "__main__":
    main()
