"""A wait two levels deep in a re-entrant lock gives it back wholly."""

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.items = 0

    def put(self):
        with self.changed:
            self.items += 1
            self.changed.notify()

    def _take(self):
        with self.changed:
            while self.items == 0:
                self.changed.wait()
            self.items -= 1

    def take(self):
        with self.changed:
            self._take()
            self.items += 10


def main():
    box = Box()
    threads = [threading.Thread(target=box.take), threading.Thread(target=box.put)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.items == 10


if __name__ == "__main__":
    main()
