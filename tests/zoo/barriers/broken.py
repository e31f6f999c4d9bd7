"""A broken barrier raises in whoever waits; what comes after it takes the lock."""

import threading


class Grid:
    def __init__(self):
        self.meet = threading.Barrier(3)
        self.lock = threading.Lock()
        self.broken = 0

    def work(self):
        try:
            self.meet.wait()
        except threading.BrokenBarrierError:
            with self.lock:
                self.broken += 1


def main():
    grid = Grid()
    threads = [threading.Thread(target=grid.work), threading.Thread(target=grid.work)]
    for thread in threads:
        thread.start()
    grid.meet.abort()
    for thread in threads:
        thread.join()
    assert grid.broken == 2


if __name__ == "__main__":
    main()
