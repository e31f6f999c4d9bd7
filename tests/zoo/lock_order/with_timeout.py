"""The second lock is waited for with a timeout."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def forth(self):
        with self.left:
            if self.right.acquire(timeout=0.05):
                self.right.release()

    def back(self):
        with self.right:
            if self.left.acquire(timeout=0.05):
                self.left.release()


def main():
    bank = Bank()
    threads = [threading.Thread(target=bank.forth), threading.Thread(target=bank.back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
