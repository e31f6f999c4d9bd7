"""A barrier orders what lies before it; behind it both run on."""

import threading


class Grid:
    def __init__(self):
        self.meet = threading.Barrier(2)
        self.total = 0

    def work(self):
        self.meet.wait()
        self.total += 1  # expect: RC101 Grid.total


def main():
    grid = Grid()
    threads = [threading.Thread(target=grid.work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
