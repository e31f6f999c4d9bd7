"""Two wait for different things on one condition, and notify() wakes one: perhaps the wrong one."""
# expect: fails deadlock
# switches: 1

import threading


class Board:
    def __init__(self):
        self.changed = threading.Condition()
        self.posted = set()

    def wait_for(self, name):
        with self.changed:
            while name not in self.posted:
                self.changed.wait()

    def post(self, name):
        with self.changed:
            self.posted.add(name)
            self.changed.notify()


def test():
    board = Board()
    threads = [
        threading.Thread(target=board.wait_for, args=("first",)),
        threading.Thread(target=board.wait_for, args=("second",)),
        threading.Thread(target=board.post, args=("first",)),
        threading.Thread(target=board.post, args=("second",)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
