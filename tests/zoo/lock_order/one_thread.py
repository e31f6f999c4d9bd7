"""One thread takes two locks in both orders: it cannot block itself."""

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


def both(bank):
    bank.forth()
    bank.back()


def main():
    bank = Bank()
    thread = threading.Thread(target=both, args=(bank,))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
