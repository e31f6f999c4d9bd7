"""One thread works, then releases; the other one acquires, then goes on."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Semaphore(0)
        self.steps = 0

    def first(self):
        self.steps += 1
        self.ready.release()

    def second(self):
        self.ready.acquire()
        self.steps += 1


def main():
    box = Box()
    threads = [threading.Thread(target=box.second), threading.Thread(target=box.first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.steps == 2


if __name__ == "__main__":
    main()
