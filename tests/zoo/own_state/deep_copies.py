"""Each thread works on a deep copy."""

import copy
import threading


class Box:
    def __init__(self):
        self.inner = {"count": 0}


def work(box):
    for _ in range(5):
        box.inner["count"] += 1


def main():
    original = Box()
    boxes = [copy.deepcopy(original) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: work(boxes[0])),
        threading.Thread(target=lambda: work(boxes[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [box.inner["count"] for box in (original, *boxes)] == [0, 5, 5]


if __name__ == "__main__":
    main()
