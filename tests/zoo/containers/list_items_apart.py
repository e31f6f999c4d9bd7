"""Each thread adds to an item of its own."""

import threading


class Board:
    def __init__(self):
        self.points = [0, 0]

    def score(self, who):
        self.points[who] += 1


def main():
    board = Board()
    threads = [
        threading.Thread(target=lambda: board.score(0)),
        threading.Thread(target=lambda: board.score(1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board.points == [1, 1]


if __name__ == "__main__":
    main()
