"""Before the start and after the join the main thread is alone with the object."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    job.steps += 1
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
