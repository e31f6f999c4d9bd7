"""A list of the items is made before they are looked at."""

import threading


class Rooms:
    def __init__(self):
        self.people = {"a": 1}
        self.seen = []

    def names(self):
        for room, number in list(self.people.items()):
            self.seen.append((room, number))

    def open(self):
        self.people["b"] = 2


def main():
    rooms = Rooms()
    threads = [threading.Thread(target=rooms.names), threading.Thread(target=rooms.open)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rooms.seen[0] == ("a", 1)


if __name__ == "__main__":
    main()
