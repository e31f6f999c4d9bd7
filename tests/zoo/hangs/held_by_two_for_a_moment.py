"""Two threads wait for each other's lock, each with a timeout that ends it."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.both = threading.Barrier(2)

    def forth(self):
        with self.left:
            self.both.wait()
            if self.right.acquire(timeout=0.05):
                self.right.release()

    def back(self):
        with self.right:
            self.both.wait()
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
