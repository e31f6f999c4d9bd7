"""A table is filled, the event set, and then everybody reads."""

import threading


class Table:
    def __init__(self):
        self.ready = threading.Event()
        self.rows = {}

    def fill(self):
        for number in range(3):
            self.rows[number] = number * number
        self.ready.set()

    def look(self, seen):
        self.ready.wait()
        for number in self.rows:
            seen.append(self.rows[number])


def main():
    table = Table()
    seen = ([], [])
    threads = [
        threading.Thread(target=lambda: table.look(seen[0])),
        threading.Thread(target=lambda: table.look(seen[1])),
        threading.Thread(target=table.fill),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen[0] == seen[1] == [0, 1, 4]


if __name__ == "__main__":
    main()
