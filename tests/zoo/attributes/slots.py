"""An attribute in a slot is state like any other."""

import threading


class Point:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 0

    def move(self):
        self.x += 1  # expect: RC101 Point.x


def main():
    point = Point()
    threads = [threading.Thread(target=point.move) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
