"""The thread waits for itself, but not for ever."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def step(self):
        if self.lock.acquire(timeout=0.01):
            self.lock.release()
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
