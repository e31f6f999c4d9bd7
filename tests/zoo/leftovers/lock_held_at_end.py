"""A thread ends and keeps the lock."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def run(self):
        self.lock.acquire()  # expect: RC304
        self.steps += 1


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    assert job.lock.locked()


if __name__ == "__main__":
    main()
