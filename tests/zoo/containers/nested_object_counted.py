"""An attribute of an object in a dictionary is counted up by two threads."""

import threading


class Counter:
    def __init__(self):
        self.value = 0


class Counters:
    def __init__(self):
        self.by_name = {"a": Counter()}

    def count(self, name):
        self.by_name[name].value += 1  # expect: RC101 Counter.value


def main():
    counters = Counters()
    threads = [threading.Thread(target=counters.count, args=("a",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
