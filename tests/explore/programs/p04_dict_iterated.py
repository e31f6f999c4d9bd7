"""One thread walks through a dictionary while another adds to it."""
# expect: fails exception RuntimeError
# switches: 1
# expect: fails race RC115 Rooms.people
# switches: 0

import threading


class Rooms:
    def __init__(self):
        self.people = {"red": 1, "blue": 2}

    def count(self):
        total = 0
        for name in self.people:
            total += self.people[name]
        return total

    def open(self):
        self.people["green"] = 0


def test():
    rooms = Rooms()
    threads = [threading.Thread(target=rooms.count), threading.Thread(target=rooms.open)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
