"""The first lock is given back before the second one is taken: they are never held together."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self):
        with self.left:
            pass
        with self.right:
            pass

    def back(self):
        with self.right:
            pass
        with self.left:
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
