"""The result is changed after it was set."""

import threading
from concurrent.futures import Future


class Box:
    def __init__(self):
        self.steps = 0


def work(box, promise):
    promise.set_result(box)
    box.steps += 1  # expect: RC101 Box.steps


def main():
    box, promise = Box(), Future()
    thread = threading.Thread(target=work, args=(box, promise))
    thread.start()
    found = promise.result()
    found.steps += 1  # expect: RC101 Box.steps
    thread.join()


if __name__ == "__main__":
    main()
