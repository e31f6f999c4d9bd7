"""A tree is built by one thread, and read by many once it is complete."""

import threading


class Node:
    def __init__(self, depth):
        self.children = [Node(depth - 1) for _ in range(2)] if depth else []
        self.size = 1
        for child in self.children:
            self.size += child.size


def weigh(node, seen):
    total = node.size
    for child in node.children:
        total += child.size
    seen.append(total)


def main():
    tree = Node(3)
    seen = ([], [])
    threads = [
        threading.Thread(target=lambda: weigh(tree, seen[0])),
        threading.Thread(target=lambda: weigh(tree, seen[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ([29], [29])


if __name__ == "__main__":
    main()
