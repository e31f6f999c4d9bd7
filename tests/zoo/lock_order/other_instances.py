"""The opposite orders are on different pairs of locks."""

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
    banks = [Bank(), Bank()]
    threads = [threading.Thread(target=banks[0].forth), threading.Thread(target=banks[1].back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
