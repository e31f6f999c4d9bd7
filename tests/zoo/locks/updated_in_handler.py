"""The update stands in the handler, where the lock is no longer held."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.failures = 0

    def work(self):
        try:
            with self.lock:
                raise ValueError("on purpose")
        except ValueError:
            self.failures += 1  # expect: RC101 Counter.failures


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
