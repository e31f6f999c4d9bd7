"""What the starter does after the start is not ordered before the thread."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    job.steps += 1  # expect: RC101 Job.steps
    thread.join()


if __name__ == "__main__":
    main()
