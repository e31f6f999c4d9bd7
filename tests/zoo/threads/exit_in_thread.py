"""SystemExit ends a thread silently, as Python says; the join orders all the same."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1
        raise SystemExit


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
