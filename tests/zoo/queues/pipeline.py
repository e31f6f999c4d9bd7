"""Three stages, two queues: each object has one owner at a time."""

import queue
import threading


class Part:
    def __init__(self):
        self.stamps = []


def stage(name, source, target):
    while (part := source.get()) is not None:
        part.stamps += [name]
        target.put(part)
    target.put(None)


def main():
    first, second, third = queue.Queue(), queue.SimpleQueue(), queue.Queue()
    threads = [
        threading.Thread(target=stage, args=("cut", first, second)),
        threading.Thread(target=stage, args=("bend", second, third)),
    ]
    for thread in threads:
        thread.start()
    for _ in range(3):
        first.put(Part())
    first.put(None)
    finished = 0
    while (part := third.get()) is not None:
        part.stamps += ["checked"]
        finished += len(part.stamps)
    for thread in threads:
        thread.join()
    assert finished == 9


if __name__ == "__main__":
    main()
