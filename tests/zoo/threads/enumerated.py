"""All other threads are found by `enumerate` and joined."""

import threading


class Job:
    def __init__(self):
        self.go = threading.Event()
        self.lock = threading.Lock()
        self.steps = 0

    def run(self):
        self.go.wait()
        with self.lock:
            self.steps += 1


def main():
    job = Job()
    for _ in range(2):
        threading.Thread(target=job.run, name="zoo").start()
    found = [thread for thread in threading.enumerate() if thread.name == "zoo"]
    job.go.set()
    for thread in found:
        thread.join()
    job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
