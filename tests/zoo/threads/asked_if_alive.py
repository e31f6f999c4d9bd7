"""A thread that is no longer alive has done all that it does."""

import threading
import time


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
    job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
