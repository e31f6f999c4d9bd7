"""A thread starts a thread and joins it; the main thread joins the first one only."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def inner(self):
        self.steps += 1

    def outer(self):
        self.steps += 1
        thread = threading.Thread(target=self.inner)
        thread.start()
        thread.join()
        self.steps += 1


def main():
    job = Job()
    thread = threading.Thread(target=job.outer)
    thread.start()
    thread.join()
    job.steps += 1
    assert job.steps == 4


if __name__ == "__main__":
    main()
