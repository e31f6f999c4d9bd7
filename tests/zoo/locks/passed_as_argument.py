"""The lock comes with the arguments of the thread."""

import threading


class Counter:
    def __init__(self):
        self.value = 0


def add(counter, lock):
    with lock:
        counter.value += 1


def main():
    counter, lock = Counter(), threading.Lock()
    threads = [threading.Thread(target=add, args=(counter, lock)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2


if __name__ == "__main__":
    main()
