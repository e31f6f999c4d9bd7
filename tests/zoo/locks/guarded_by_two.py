"""Writers hold both locks, readers hold either of them: every two have one in common."""

import threading


class Table:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.rows = 0

    def change(self):
        with self.left, self.right:
            self.rows += 1

    def look_left(self):
        with self.left:
            if self.rows:
                return self.rows
        return 0

    def look_right(self):
        with self.right:
            return self.rows


def main():
    table = Table()
    threads = [
        threading.Thread(target=table.change),
        threading.Thread(target=table.look_left),
        threading.Thread(target=table.look_right),
        threading.Thread(target=table.change),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert table.rows == 2


if __name__ == "__main__":
    main()
