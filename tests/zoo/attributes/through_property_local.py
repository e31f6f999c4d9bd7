"""A property returns what is kept for each thread; another one works out something new."""

import threading


class Calls:
    def __init__(self):
        self._local = threading.local()
        self._names = ["a", "b"]
        self.asked = []

    @property
    def statistics(self):
        if not hasattr(self._local, "statistics"):
            self._local.statistics = {"attempts": 0}
        return self._local.statistics

    @property
    def names(self):
        self.asked.append(1)
        return list(self._names)

    def call(self):
        self.statistics["attempts"] += 1
        self.names.append("c")
        assert self.statistics == {"attempts": 1}


def main():
    calls = Calls()
    threads = [threading.Thread(target=calls.call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls.asked == [1, 1]


if __name__ == "__main__":
    main()
