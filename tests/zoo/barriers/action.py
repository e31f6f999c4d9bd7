"""The action of a barrier runs on one thread while all others are waiting."""

import threading


class Grid:
    def __init__(self):
        self.meet = threading.Barrier(2, action=self.add_up)
        self.parts = [0, 0]
        self.total = 0

    def add_up(self):
        self.total += self.parts[0] + self.parts[1]

    def work(self, who):
        for number in range(3):
            self.parts[who] += number
            self.meet.wait()


def main():
    grid = Grid()
    threads = [
        threading.Thread(target=lambda: grid.work(0)),
        threading.Thread(target=lambda: grid.work(1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert grid.total == 8


if __name__ == "__main__":
    main()
