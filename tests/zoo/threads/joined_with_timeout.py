"""A join with a timeout, and a look whether it came to an end by itself."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()
    job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
