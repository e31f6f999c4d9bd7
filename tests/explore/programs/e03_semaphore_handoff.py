"""A semaphore without permits: released when the value is there, acquired before it is used."""
# expect: passes complete
# switches: 0

import threading


class Slot:
    def __init__(self):
        self.filled = threading.Semaphore(0)
        self.value = 0

    def fill(self):
        self.value += 1
        self.filled.release()

    def use(self):
        self.filled.acquire()
        self.value += 1


def test():
    slot = Slot()
    threads = [threading.Thread(target=slot.use), threading.Thread(target=slot.fill)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slot.value == 2
