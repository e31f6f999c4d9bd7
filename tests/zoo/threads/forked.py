"""A process is forked; what its copy does concerns nobody here."""

import os
import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    child = os.fork()
    if child == 0:
        threads = [threading.Thread(target=job.run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert (status, job.steps) == (0, 0)


if __name__ == "__main__":
    main()
