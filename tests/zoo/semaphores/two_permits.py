"""A semaphore with two permits lets two threads in."""

import threading


class Counter:
    def __init__(self):
        self.gate = threading.Semaphore(2)
        self.value = 0

    def add(self, together):
        with self.gate:
            together.wait()
            self.value += 1  # expect: RC101 Counter.value
            together.wait()


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
