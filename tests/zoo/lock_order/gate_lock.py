"""Both orders are taken under a third lock, so they exclude each other."""

import threading


class Bank:
    def __init__(self):
        self.gate = threading.Lock()
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self):
        with self.gate, self.left, self.right:
            pass

    def back(self):
        with self.gate, self.right, self.left:
            pass


def main():
    bank = Bank()
    threads = [threading.Thread(target=bank.forth), threading.Thread(target=bank.back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
