"""The event is set and cleared at once: only who waits just then is let through."""
# expect: fails deadlock
# switches: 1

import threading


class Ferry:
    def __init__(self):
        self.there = threading.Event()

    def board(self):
        self.there.wait()

    def call(self):
        self.there.set()
        self.there.clear()


def test():
    ferry = Ferry()
    threads = [threading.Thread(target=ferry.board), threading.Thread(target=ferry.call)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
