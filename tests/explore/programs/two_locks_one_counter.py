"""Each side takes a lock, but not the same one."""
# expect: fails race RC101 Counter.n
# switches: 0

import threading


class Counter:
    def __init__(self):
        self.adding = threading.Lock()
        self.taking = threading.Lock()
        self.n = 0

    def add(self):
        with self.adding:
            self.n += 1

    def take(self):
        with self.taking:
            self.n -= 1


def test():
    counter = Counter()
    threads = [threading.Thread(target=counter.add), threading.Thread(target=counter.take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
