"""A lock for many readers whose own count of readers is guarded by nothing."""
# expect: fails race RC101 Shelf.readers
# switches: 0

import threading


class Shelf:
    def __init__(self):
        self.writing = threading.Lock()
        self.readers = 0
        self.books = 3

    def read(self):
        self.readers += 1
        found = self.books
        self.readers -= 1
        return found


def test():
    shelf = Shelf()
    threads = [threading.Thread(target=shelf.read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
