"""A thread started by the low-level module, which tells of its end by releasing a lock."""

import _thread
import threading


class Job:
    def __init__(self):
        self.steps = 0
        self.ended = threading.Lock()

    def run(self):
        self.steps += 1
        self.ended.release()


def main():
    job = Job()
    job.steps += 1
    job.ended.acquire()
    _thread.start_new_thread(job.run, ())
    job.ended.acquire()
    job.steps += 1
    job.ended.release()
    assert job.steps == 3


if __name__ == "__main__":
    main()
