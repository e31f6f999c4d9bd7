"""`+=` on a list extends it in place and stores the same list again: nothing can be lost."""

import threading


class Log:
    def __init__(self):
        self.lines = []

    def say(self):
        self.lines += ["line"]


def main():
    log = Log()
    threads = [threading.Thread(target=log.say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.lines) == 2


if __name__ == "__main__":
    main()
