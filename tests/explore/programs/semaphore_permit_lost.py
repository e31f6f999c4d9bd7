"""An early return keeps the permit: whoever comes next waits for ever."""
# expect: fails deadlock
# switches: 1

import threading


class Door:
    def __init__(self):
        self.permit = threading.Semaphore(1)
        self.closed = False

    def enter(self):
        self.permit.acquire()
        if self.closed:
            return
        self.permit.release()

    def close(self):
        self.closed = True


def test():
    door = Door()
    threads = [threading.Thread(target=work) for work in (door.enter, door.enter, door.close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
