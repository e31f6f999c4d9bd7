"""Two threads append to one list: each append is atomic."""

import threading


class Log:
    def __init__(self):
        self.lines = []

    def say(self):
        self.lines.append("line")  # note: RC101 Log.lines


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
