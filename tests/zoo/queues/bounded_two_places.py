"""A queue with two places lets two threads in."""

import queue
import threading


class Counter:
    def __init__(self):
        self.places = queue.Queue(maxsize=2)
        self.value = 0

    def add(self, together):
        self.places.put(None)
        together.wait()
        self.value += 1  # expect: RC101 Counter.value
        together.wait()
        self.places.get()


def main():
    counter = Counter()
    together = threading.Barrier(2)
    threads = [
        threading.Thread(target=lambda: counter.add(together)),
        threading.Thread(target=lambda: counter.add(together)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
