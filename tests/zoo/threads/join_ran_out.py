"""A join with a timeout ran out of time, and the main thread went on as if it had not."""

import os
import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self, gate):
        gate.read(1)
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        thread = threading.Thread(target=job.run, args=(reader,))
        thread.start()
        thread.join(timeout=0.01)
        job.steps += 1  # expect: RC101 Job.steps
        writer.write(b"x")
        thread.join()


if __name__ == "__main__":
    main()
