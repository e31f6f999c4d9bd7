"""Each thread fills its part, all meet, each reads the parts of the others."""

import threading


class Grid:
    def __init__(self):
        self.meet = threading.Barrier(2)
        self.left = 1
        self.right = 2

    def work_left(self):
        self.left *= 10
        self.meet.wait()
        return self.left + self.right

    def work_right(self):
        self.right *= 10
        self.meet.wait()
        return self.left + self.right


def main():
    grid = Grid()
    threads = [threading.Thread(target=grid.work_left), threading.Thread(target=grid.work_right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (grid.left, grid.right) == (10, 20)


if __name__ == "__main__":
    main()
