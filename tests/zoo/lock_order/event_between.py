"""The opposite orders are on two threads; an event says that the first one is through."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.through = threading.Event()

    def forth(self):
        with self.left, self.right:
            pass
        self.through.set()

    def back(self):
        self.through.wait()
        with self.right, self.left:
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
