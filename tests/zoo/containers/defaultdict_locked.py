"""Counting in a defaultdict under a lock."""

import threading
from collections import defaultdict


class Words:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = defaultdict(int)

    def see(self, word):
        with self.lock:
            self.counts[word] += 1


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
    assert words.counts["a"] == 2


if __name__ == "__main__":
    main()
