"""pop() and the exception for an empty list, instead of a look before it."""
# expect: passes
# switches: 0

import threading


class Stack:
    def __init__(self, items):
        self.items = items
        self.taken = []

    def take(self):
        try:
            item = self.items.pop()
        except IndexError:
            return
        self.taken.append(item)


def test():
    stack = Stack(["only"])
    threads = [threading.Thread(target=stack.take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stack.taken == ["only"]
