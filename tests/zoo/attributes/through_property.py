"""What a property returns is counted up: the property only says where it is."""

import threading


class Calls:
    def __init__(self):
        self._statistics = {"attempts": 0}

    @property
    def statistics(self):
        return self._statistics

    def call(self):
        self.statistics["attempts"] += 1  # expect: RC101 Calls.statistics['attempts']


def main():
    calls = Calls()
    threads = [threading.Thread(target=calls.call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
