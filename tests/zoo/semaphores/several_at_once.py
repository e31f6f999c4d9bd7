"""Permits of two workers are collected before the results are used."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Semaphore(0)
        self.left = self.right = 0

    def work_left(self):
        self.left += 1
        self.ready.release()

    def work_right(self):
        self.right += 1
        self.ready.release()

    def collect(self):
        self.ready.acquire()
        self.ready.acquire()
        self.left += self.right


def main():
    box = Box()
    threads = [
        threading.Thread(target=box.collect),
        threading.Thread(target=box.work_left),
        threading.Thread(target=box.work_right),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.left == 2


if __name__ == "__main__":
    main()
