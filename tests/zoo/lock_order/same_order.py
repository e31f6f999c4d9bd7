"""Two threads take two locks in the same order."""

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.moves = 0

    def move(self):
        with self.left, self.right:
            self.moves += 1


def main():
    bank = Bank()
    threads = [threading.Thread(target=bank.move) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bank.moves == 2


if __name__ == "__main__":
    main()
