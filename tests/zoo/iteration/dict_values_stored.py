"""A dictionary is iterated while the value of a key that is there is replaced: its shape stays."""

import threading


class Rooms:
    def __init__(self):
        self.people = {"a": 1, "b": 2}
        self.seen = []

    def names(self):
        for room in self.people:
            self.seen.append(room)

    def enter(self):
        self.people["b"] = 3


def main():
    rooms = Rooms()
    threads = [threading.Thread(target=rooms.names), threading.Thread(target=rooms.enter)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rooms.seen == ["a", "b"]


if __name__ == "__main__":
    main()
