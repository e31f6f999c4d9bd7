"""One thread releases before it works."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Semaphore(0)
        self.steps = 0

    def first(self):
        self.ready.release()
        self.steps += 1  # expect: RC101 Box.steps

    def second(self):
        self.ready.acquire()
        self.steps += 1  # expect: RC101 Box.steps


def main():
    box = Box()
    threads = [threading.Thread(target=box.second), threading.Thread(target=box.first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
