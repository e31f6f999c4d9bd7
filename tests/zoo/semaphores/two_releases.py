"""Two threads release; a release does not wait for another one."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Semaphore(0)
        self.steps = 0

    def before(self):
        self.steps += 1  # expect: RC101 Box.steps
        self.ready.release()

    def after(self):
        self.ready.release()
        self.steps += 1  # expect: RC101 Box.steps


def main():
    box = Box()
    threads = [threading.Thread(target=box.before), threading.Thread(target=box.after)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.ready.acquire(blocking=False)


if __name__ == "__main__":
    main()
