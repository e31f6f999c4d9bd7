"""A future that is set by hand hands its result over."""

import threading
from concurrent.futures import Future


class Box:
    def __init__(self):
        self.steps = 0


def work(box, promise):
    box.steps += 1
    promise.set_result(box)


def main():
    box, promise = Box(), Future()
    thread = threading.Thread(target=work, args=(box, promise))
    thread.start()
    found = promise.result()
    found.steps += 1
    thread.join()
    assert box.steps == 2


if __name__ == "__main__":
    main()
