"""Instances are kept by their class; each run of the test must meet it without any."""
# expect: passes
# switches: 0

import threading


class Node:
    lock = threading.Lock()
    known = {}
    count = 0

    def __init__(self, name):
        self.name = name
        with Node.lock:
            Node.known[name] = self
            Node.count += 1


def test():
    threads = [threading.Thread(target=Node, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Node.known) == ["a", "b"]
    assert Node.count == 2
