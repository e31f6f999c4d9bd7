"""Daemon threads race like any others."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    threads = [threading.Thread(target=job.run, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
