"""A loop looks at a flag that another thread sets once."""

import threading
import time


class Worker:
    def __init__(self):
        self.stopping = False
        self.rounds = 0

    def run(self):
        while not self.stopping:
            self.rounds += 1
            time.sleep(0.001)

    def stop(self):
        self.stopping = True


def main():
    worker = Worker()
    threads = [threading.Thread(target=worker.run), threading.Thread(target=worker.stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worker.stopping


if __name__ == "__main__":
    main()
