"""A shallow copy shares the dictionary inside."""

import copy
import threading


class Box:
    def __init__(self):
        self.inner = {"count": 0}


def work(box):
    box.inner["count"] += 1  # expect: RC101 Box.inner['count']


def main():
    original = Box()
    boxes = [copy.copy(original) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: work(boxes[0])),
        threading.Thread(target=lambda: work(boxes[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
