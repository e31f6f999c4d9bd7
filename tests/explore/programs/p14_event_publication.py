"""What is written before the event is set is read after it was waited for."""
# expect: passes complete
# switches: 0

import threading


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.value = 0

    def fill(self):
        self.value += 41
        self.ready.set()

    def use(self):
        self.ready.wait()
        self.value += 1


def test():
    box = Box()
    threads = [threading.Thread(target=box.use), threading.Thread(target=box.fill)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.value == 42
