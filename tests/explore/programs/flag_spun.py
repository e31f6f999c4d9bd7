"""A thread that does nothing but look for the flag, without ever giving way."""
# expect: passes
# switches: 0

import threading


class Starter:
    def __init__(self):
        self.ready = False
        self.started = 0

    def run(self):
        while not self.ready:
            pass
        self.started += 1


def test():
    starter = Starter()
    threads = [threading.Thread(target=starter.run)]
    for thread in threads:
        thread.start()
    starter.ready = True
    for thread in threads:
        thread.join()
    assert starter.started == 1
