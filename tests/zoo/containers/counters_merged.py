"""Each thread fills a Counter of its own; they are added up after the join."""

import threading
from collections import Counter


def vote(box, names):
    for name in names:
        box[name] += 1


def main():
    boxes = [Counter(), Counter()]
    threads = [threading.Thread(target=vote, args=(box, "aab")) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(boxes, Counter()) == {"a": 4, "b": 2}


if __name__ == "__main__":
    main()
