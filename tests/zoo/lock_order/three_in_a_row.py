"""Three locks, each taken below the one before: no circle."""

import threading


class Table:
    def __init__(self):
        self.first = threading.Lock()
        self.second = threading.Lock()
        self.third = threading.Lock()

    def one(self):
        with self.first, self.second:
            pass

    def two(self):
        with self.second, self.third:
            pass

    def three(self):
        with self.first, self.third:
            pass


def main():
    table = Table()
    threads = [
        threading.Thread(target=table.one),
        threading.Thread(target=table.two),
        threading.Thread(target=table.three),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
