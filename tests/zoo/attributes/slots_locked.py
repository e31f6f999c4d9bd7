"""An attribute in a slot, under a lock in another slot."""

import threading


class Point:
    __slots__ = ("lock", "x")

    def __init__(self):
        self.lock = threading.Lock()
        self.x = 0

    def move(self):
        with self.lock:
            self.x += 1


def main():
    point = Point()
    threads = [threading.Thread(target=point.move) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert point.x == 2


if __name__ == "__main__":
    main()
