"""A thread is joined under a lock that it wants, but only for a moment."""

import threading


class Worker:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def run(self):
        with self.lock:
            self.steps += 1


def main():
    worker = Worker()
    thread = threading.Thread(target=worker.run)
    with worker.lock:
        thread.start()
        thread.join(timeout=0.01)
    thread.join()
    assert worker.steps == 1


if __name__ == "__main__":
    main()
