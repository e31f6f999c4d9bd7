"""The same calls with a re-entrant lock."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.RLock()
        self.steps = 0

    def step(self):
        with self.lock:
            self.steps += 1

    def run(self):
        with self.lock:
            self.step()


def main():
    job = Job()
    thread = threading.Thread(target=job.run, daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert job.steps == 1


if __name__ == "__main__":
    main()
