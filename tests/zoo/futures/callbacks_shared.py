"""The callbacks of two jobs run on two workers and add to one object."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Tally:
    def __init__(self):
        self.go = threading.Event()
        self.together = threading.Barrier(2)
        self.done = 0

    def run(self):
        self.go.wait()
        self.together.wait()

    def finished(self, future):
        self.done += 1  # expect: RC101 Tally.done


def main():
    tally = Tally()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(tally.run).add_done_callback(tally.finished)
        tally.go.set()


if __name__ == "__main__":
    main()
