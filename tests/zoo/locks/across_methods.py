"""One method takes the lock, another one gives it back."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def begin(self):
        self.lock.acquire()

    def end(self):
        self.lock.release()

    def add(self):
        self.begin()
        self.value += 1
        self.end()


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
