"""A cached property may be worked out twice, but both threads store what does not depend on it."""

import functools
import threading


class Circle:
    def __init__(self, radius):
        self.radius = radius

    @functools.cached_property
    def area(self):
        return 3 * self.radius * self.radius


def look(circle, seen):
    seen.append(circle.area)


def main():
    circle, seen = Circle(2), ([], [])
    threads = [
        threading.Thread(target=lambda: look(circle, seen[0])),
        threading.Thread(target=lambda: look(circle, seen[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ([12], [12])


if __name__ == "__main__":
    main()
