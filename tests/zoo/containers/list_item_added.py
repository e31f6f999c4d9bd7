"""Two threads add to the same item of a list."""

import threading


class Board:
    def __init__(self):
        self.points = [0, 0]

    def score(self):
        self.points[0] += 1  # expect: RC101 Board.points[0]


def main():
    board = Board()
    threads = [threading.Thread(target=board.score) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
