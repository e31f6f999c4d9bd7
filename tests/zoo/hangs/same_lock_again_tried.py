"""The thread tries a lock that it holds already, and goes on without."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def step(self):
        if not self.lock.acquire(blocking=False):
            self.steps += 1

    def run(self):
        with self.lock:
            self.step()


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    assert job.steps == 1


if __name__ == "__main__":
    main()
