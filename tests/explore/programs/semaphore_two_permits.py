"""Two threads need two permits each, there are two: each can hold one and want one more."""
# expect: fails deadlock
# switches: 1

import threading


class Machines:
    def __init__(self):
        self.free = threading.Semaphore(2)

    def use_two(self):
        self.free.acquire()
        self.free.acquire()
        self.free.release()
        self.free.release()


def test():
    machines = Machines()
    threads = [threading.Thread(target=machines.use_two) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
