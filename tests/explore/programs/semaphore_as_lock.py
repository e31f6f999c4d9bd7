"""A semaphore with two permits is no lock."""
# expect: fails race RC101 Meter.value
# switches: 0

import threading


class Meter:
    def __init__(self):
        self.guard = threading.Semaphore(2)
        self.value = 0

    def tick(self):
        with self.guard:
            self.value += 1


def test():
    meter = Meter()
    threads = [threading.Thread(target=meter.tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
