"""The thread needs the lock that is held by whoever waits for its end."""
# expect: fails deadlock
# switches: 0

import threading


class Worker:
    def __init__(self):
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        with self.lock:
            pass

    def stop(self):
        with self.lock:
            self.thread.join()


def test():
    worker = Worker()
    worker.thread.start()
    worker.stop()
