"""Text grows by +=; strings are immutable, so this is read, add, store."""

import threading


class Log:
    def __init__(self):
        self.text = ""

    def say(self):
        self.text += "line\n"  # expect: RC101 Log.text


def main():
    log = Log()
    threads = [threading.Thread(target=log.say) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
