"""Three threads, three locks, a circle: each holds what the next one wants."""
# expect: fails deadlock
# switches: 2

import threading


class Table:
    def __init__(self):
        self.forks = [threading.Lock() for _ in range(3)]

    def eat(self, seat):
        with self.forks[seat]:
            with self.forks[(seat + 1) % 3]:
                pass


def test():
    table = Table()
    threads = [threading.Thread(target=table.eat, args=(seat,)) for seat in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
