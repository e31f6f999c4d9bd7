"""One generator for both threads, behind a lock."""

import threading


class Numbers:
    def __init__(self):
        self.lock = threading.Lock()
        self.made = 0
        self.source = self.each()

    def each(self):
        while True:
            self.made += 1
            yield self.made

    def next(self):
        with self.lock:
            return next(self.source)


def main():
    numbers = Numbers()
    threads = [threading.Thread(target=numbers.next) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers.made == 2


if __name__ == "__main__":
    main()
