"""A thread starts a thread and does not wait for it."""

import threading


class Job:
    def __init__(self):
        self.steps = 0
        self.helper = None

    def inner(self):
        self.steps += 1  # expect: RC101 Job.steps

    def outer(self):
        self.helper = threading.Thread(target=self.inner)
        self.helper.start()


def main():
    job = Job()
    thread = threading.Thread(target=job.outer)
    thread.start()
    thread.join()
    job.steps += 1  # expect: RC101 Job.steps
    job.helper.join()


if __name__ == "__main__":
    main()
