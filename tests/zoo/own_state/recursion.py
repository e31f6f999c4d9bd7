"""A recursive function with state of its own on each thread."""

import threading


class Walk:
    def __init__(self):
        self.steps = 0

    def down(self, depth):
        self.steps += 1
        if depth:
            self.down(depth - 1)
        self.steps += 1


def main():
    walks = [Walk(), Walk()]
    threads = [
        threading.Thread(target=lambda: walks[0].down(20)),
        threading.Thread(target=lambda: walks[1].down(20)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [walk.steps for walk in walks] == [42, 42]


if __name__ == "__main__":
    main()
