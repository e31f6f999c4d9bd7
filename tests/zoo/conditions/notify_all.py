"""All waiters go on, one after the other."""

import threading


class Start:
    def __init__(self):
        self.changed = threading.Condition()
        self.open = False
        self.through = 0

    def enter(self):
        with self.changed:
            while not self.open:
                self.changed.wait()
            self.through += 1

    def open_up(self):
        with self.changed:
            self.open = True
            self.changed.notify_all()


def main():
    start = Start()
    threads = [
        threading.Thread(target=start.enter),
        threading.Thread(target=start.enter),
        threading.Thread(target=start.open_up),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert start.through == 2


if __name__ == "__main__":
    main()
