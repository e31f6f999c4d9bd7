"""A thread is joined under a lock that it never takes."""

import threading


class Worker:
    def __init__(self):
        self.lock = threading.Lock()
        self.other = threading.Lock()
        self.steps = 0

    def run(self):
        with self.lock:
            self.steps += 1


def main():
    worker = Worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    with worker.other:
        thread.join()
    assert worker.steps == 1


if __name__ == "__main__":
    main()
