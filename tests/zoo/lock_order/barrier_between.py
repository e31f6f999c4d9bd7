"""Two phases with a barrier between them: the opposite orders never meet."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.meet = threading.Barrier(2)

    def forth(self):
        with self.left, self.right:
            pass
        self.meet.wait()

    def back(self):
        self.meet.wait()
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
