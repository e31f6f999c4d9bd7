"""Counted up and then read: two threads can get the same number."""
# expect: fails assertion
# switches: 1
# expect: fails race RC101 Tickets.last
# switches: 0

import threading


class Tickets:
    def __init__(self):
        self.last = 0
        self.drawn = []

    def draw(self):
        self.last += 1
        self.drawn.append(self.last)


def test():
    tickets = Tickets()
    threads = [threading.Thread(target=tickets.draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tickets.drawn) == [1, 2]
