"""Each thread was handed another lock."""

import threading


class Counter:
    def __init__(self):
        self.value = 0


def add(counter, lock):
    with lock:
        counter.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=add, args=(counter, threading.Lock())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
