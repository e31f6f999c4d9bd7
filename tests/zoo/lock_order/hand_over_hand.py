"""Locks of a list are taken before the one behind them is given back: not last in, first out."""

import threading


class Node:
    def __init__(self, behind):
        self.lock = threading.Lock()
        self.behind = behind
        self.visits = 0


def walk(node):
    node.lock.acquire()
    while node.behind is not None:
        node.visits += 1
        node.behind.lock.acquire()
        node.lock.release()
        node = node.behind
    node.visits += 1
    node.lock.release()


def main():
    last = Node(None)
    first = Node(Node(last))
    threads = [
        threading.Thread(target=lambda: walk(first)),
        threading.Thread(target=lambda: walk(first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first.visits == last.visits == 2


if __name__ == "__main__":
    main()
