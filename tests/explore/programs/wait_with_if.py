"""After wait() the list is not looked at again: somebody else may have emptied it meanwhile."""
# expect: fails exception IndexError
# switches: 2

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.items = []

    def take(self):
        with self.changed:
            if not self.items:
                self.changed.wait()
            return self.items.pop()

    def put(self, item):
        with self.changed:
            self.items.append(item)
            self.changed.notify()


def test():
    box = Box()
    threads = [threading.Thread(target=box.take) for _ in range(2)]
    threads += [threading.Thread(target=box.put, args=(item,)) for item in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
