"""Many threads, each joined before the next one starts."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    for _ in range(20):
        thread = threading.Thread(target=job.run)
        thread.start()
        thread.join()
    assert job.steps == 20


if __name__ == "__main__":
    main()
