"""The barrier gives each thread a number, and only one of them adds up."""

import threading


class Grid:
    def __init__(self):
        self.meet = threading.Barrier(2)
        self.rounds = 0

    def work(self):
        for _ in range(3):
            if self.meet.wait() == 0:
                self.rounds += 1
            self.meet.wait()


def main():
    grid = Grid()
    threads = [threading.Thread(target=grid.work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert grid.rounds == 3


if __name__ == "__main__":
    main()
