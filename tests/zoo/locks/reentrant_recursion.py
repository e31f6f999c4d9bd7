"""A recursive method takes the re-entrant lock at each level."""

import threading


class Tree:
    def __init__(self):
        self.lock = threading.RLock()
        self.visits = 0

    def visit(self, depth):
        with self.lock:
            self.visits += 1
            if depth:
                self.visit(depth - 1)
            self.visits += 1


def main():
    tree = Tree()
    threads = [
        threading.Thread(target=lambda: tree.visit(5)),
        threading.Thread(target=lambda: tree.visit(5)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tree.visits == 24


if __name__ == "__main__":
    main()
