"""The second thread begins when the first one has sent it something."""

import queue
import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.letters = queue.Queue()

    def forth(self):
        with self.left, self.right:
            pass
        self.letters.put("through")

    def back(self):
        self.letters.get()
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
