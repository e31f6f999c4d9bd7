"""A wait that times out takes the lock again before it goes on."""

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.timeouts = 0

    def look(self):
        with self.changed:
            if not self.changed.wait(timeout=0.01):
                self.timeouts += 1


def main():
    box = Box()
    threads = [threading.Thread(target=box.look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.timeouts == 2


if __name__ == "__main__":
    main()
