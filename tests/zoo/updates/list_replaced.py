"""A longer list is made and stored in place of the old one."""

import threading


class Log:
    def __init__(self):
        self.lines = []

    def say(self):
        self.lines = [*self.lines, "line"]  # expect: RC101 Log.lines


def main():
    log = Log()
    threads = [threading.Thread(target=log.say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
