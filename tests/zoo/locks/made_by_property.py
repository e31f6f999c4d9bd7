"""A property makes a new lock for each caller."""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    @property
    def lock(self):
        return threading.Lock()

    def add(self):
        with self.lock:
            self.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
