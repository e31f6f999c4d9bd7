"""Two receivers take items of one queue; that does not order one before the other."""

import queue
import threading


class Desk:
    def __init__(self):
        self.letters = queue.Queue()
        self.read = 0

    def count_and_take(self):
        self.read += 1  # expect: RC101 Desk.read
        self.letters.get()

    def take_and_count(self):
        self.letters.get()
        self.read += 1  # expect: RC101 Desk.read


def main():
    desk = Desk()
    desk.letters.put("a")
    desk.letters.put("b")
    threads = [
        threading.Thread(target=desk.count_and_take),
        threading.Thread(target=desk.take_and_count),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
