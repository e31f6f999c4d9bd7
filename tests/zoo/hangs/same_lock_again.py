"""A thread takes a lock that it holds already, and waits for itself."""
# hangs: unwatched

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def step(self):
        with self.lock:  # expect: RC308
            self.steps += 1

    def run(self):
        with self.lock:  # expect: RC308
            self.step()


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
