"""Many objects that live for a moment: an address that is used again is not the same object."""

import threading


class Box:
    __slots__ = ("count",)

    def __init__(self):
        self.count = 0


def work():
    for _ in range(500):
        box = Box()
        box.count += 1
        items = [0]
        items[0] += 1


def main():
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
