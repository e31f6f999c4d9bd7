"""Workers empty a queue that was filled before they started, without waiting."""

import queue
import threading


class Job:
    def __init__(self):
        self.done = 0


def work(jobs):
    while True:
        try:
            job = jobs.get_nowait()
        except queue.Empty:
            return
        job.done += 1


def main():
    jobs = queue.Queue()
    made = [Job() for _ in range(6)]
    for job in made:
        jobs.put(job)
    threads = [
        threading.Thread(target=lambda: work(jobs)),
        threading.Thread(target=lambda: work(jobs)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [job.done for job in made] == [1] * 6


if __name__ == "__main__":
    main()
