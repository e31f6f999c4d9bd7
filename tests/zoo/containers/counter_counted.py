"""A Counter is a dictionary: its items are updated, not counted by magic."""

import threading
from collections import Counter

votes = Counter()


def vote(name):
    votes[name] += 1  # expect: RC101 votes['a']


def main():
    threads = [threading.Thread(target=vote, args=("a",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
