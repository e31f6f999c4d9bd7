"""A missing key counts from zero: still read, add, store."""

import threading
from collections import defaultdict


class Words:
    def __init__(self):
        self.counts = defaultdict(int)

    def see(self, word):
        self.counts[word] += 1  # expect: RC101 Words.counts['a']


def main():
    words = Words()
    threads = [
        threading.Thread(target=lambda: words.see("a")),
        threading.Thread(target=lambda: words.see("a")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
