"""A worker that looks for work now and then, and is woken early if there is some."""

import threading


class Worker:
    def __init__(self):
        self.changed = threading.Condition()
        self.jobs = 0
        self.stopping = False

    def run(self):
        with self.changed:
            while not self.stopping:
                if self.jobs:
                    self.jobs -= 1
                self.changed.wait(timeout=0.01)

    def feed(self):
        for _ in range(3):
            with self.changed:
                self.jobs += 1
                self.changed.notify()
        with self.changed:
            self.stopping = True
            self.changed.notify()


def main():
    worker = Worker()
    threads = [threading.Thread(target=worker.run), threading.Thread(target=worker.feed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worker.stopping


if __name__ == "__main__":
    main()
