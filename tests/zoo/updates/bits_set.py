"""Bits of a mask are set by |=."""

import threading


class Flags:
    def __init__(self):
        self.mask = 0

    def raise_first(self):
        self.mask |= 1  # expect: RC101 Flags.mask

    def raise_second(self):
        self.mask |= 2  # expect: RC101 Flags.mask


def main():
    flags = Flags()
    threads = [
        threading.Thread(target=flags.raise_first),
        threading.Thread(target=flags.raise_second),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
