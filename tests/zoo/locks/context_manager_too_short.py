"""The context manager gives the lock back before it yields."""

import contextlib
import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    @contextlib.contextmanager
    def changing(self):
        with self.lock:
            pass
        yield self

    def add(self):
        with self.changing() as me:
            me.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
