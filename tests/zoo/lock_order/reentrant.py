"""A re-entrant lock that is taken again under another lock blocks nobody."""

import threading


class Bank:
    def __init__(self):
        self.outer = threading.RLock()
        self.inner = threading.Lock()
        self.moves = 0

    def move(self):
        with self.outer, self.inner, self.outer:
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
