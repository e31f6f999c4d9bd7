"""Two threads find one item in the list, and both take it."""
# expect: fails exception IndexError
# switches: 1
# expect: fails race RC214 Stack.items
# switches: 0

import threading


class Stack:
    def __init__(self, items):
        self.items = items

    def take(self):
        if self.items:
            return self.items.pop()
        return None


def test():
    stack = Stack(["only"])
    threads = [threading.Thread(target=stack.take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
