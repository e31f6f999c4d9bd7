"""A thread starts a thread, and joins it."""
# expect: passes
# switches: 0

import threading


class Tree:
    def __init__(self):
        self.lock = threading.Lock()
        self.nodes = 0

    def grow(self, depth):
        with self.lock:
            self.nodes += 1
        if depth:
            child = threading.Thread(target=self.grow, args=(depth - 1,))
            child.start()
            child.join()


def test():
    tree = Tree()
    threads = [threading.Thread(target=tree.grow, args=(1,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tree.nodes == 4
