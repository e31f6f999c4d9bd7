"""The callbacks of two jobs add to one object under its lock."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Tally:
    def __init__(self):
        self.go = threading.Event()
        self.lock = threading.Lock()
        self.done = 0

    def run(self):
        self.go.wait()

    def finished(self, future):
        with self.lock:
            self.done += 1


def main():
    tally = Tally()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(tally.run).add_done_callback(tally.finished)
        tally.go.set()
    assert tally.done == 2


if __name__ == "__main__":
    main()
