"""A notify that nobody waits for, neither before nor after."""

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.items = 0

    def put(self):
        with self.changed:
            self.items += 1
            self.changed.notify_all()


def main():
    box = Box()
    threads = [threading.Thread(target=box.put) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.items == 2


if __name__ == "__main__":
    main()
