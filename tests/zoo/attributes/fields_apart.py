"""Two threads update one object, but each has a field of its own."""

import threading


class Pair:
    def __init__(self):
        self.left = 0
        self.right = 0

    def add_left(self):
        self.left += 1

    def add_right(self):
        self.right += 1


def main():
    pair = Pair()
    threads = [threading.Thread(target=pair.add_left), threading.Thread(target=pair.add_right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (pair.left, pair.right) == (1, 1)


if __name__ == "__main__":
    main()
