"""A queue with one place is a lock: put to enter, get to leave."""

import queue
import threading


class Counter:
    def __init__(self):
        self.place = queue.Queue(maxsize=1)
        self.value = 0

    def add(self):
        self.place.put(None)
        self.value += 1
        self.place.get()


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2


if __name__ == "__main__":
    main()
