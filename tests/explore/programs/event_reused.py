"""One event for two rounds: it is cleared after the second round has already been announced."""
# expect: fails deadlock
# switches: 1

import threading


class Rounds:
    def __init__(self):
        self.ready = threading.Event()
        self.seen = threading.Event()

    def follow(self):
        for _ in range(2):
            self.ready.wait()
            self.seen.set()
            self.ready.clear()

    def lead(self):
        for _ in range(2):
            self.ready.set()
            self.seen.wait()
            self.seen.clear()


def test():
    rounds = Rounds()
    threads = [threading.Thread(target=rounds.lead), threading.Thread(target=rounds.follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
