"""The same object was put in twice: two workers get it."""

import queue
import threading


class Job:
    def __init__(self):
        self.done = 0


def work(jobs):
    job = jobs.get()
    job.done += 1  # expect: RC101 Job.done


def main():
    jobs = queue.Queue()
    job = Job()
    jobs.put(job)
    jobs.put(job)
    threads = [
        threading.Thread(target=lambda: work(jobs)),
        threading.Thread(target=lambda: work(jobs)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
