"""A thread waits long for a lock whose holder is busy and gives it back in the end."""

import threading
import time


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def slow(self, holding):
        with self.lock:
            holding.set()
            time.sleep(0.2)
            self.steps += 1

    def run(self, holding):
        holding.wait()
        with self.lock:
            self.steps += 1


def main():
    job, holding = Job(), threading.Event()
    threads = [
        threading.Thread(target=lambda: job.slow(holding)),
        threading.Thread(target=lambda: job.run(holding)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert job.steps == 2


if __name__ == "__main__":
    main()
