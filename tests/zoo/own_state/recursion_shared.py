"""A recursive function that both threads run on one object."""

import threading


class Walk:
    def __init__(self):
        self.steps = 0

    def down(self, depth):
        self.steps += 1  # expect: RC101 Walk.steps
        if depth:
            self.down(depth - 1)


def main():
    walk = Walk()
    threads = [
        threading.Thread(target=lambda: walk.down(3)),
        threading.Thread(target=lambda: walk.down(3)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
