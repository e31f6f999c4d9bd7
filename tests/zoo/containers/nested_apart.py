"""Each thread has its own dictionary within a shared one; nothing is made by looking."""

import threading
from collections import defaultdict


class Numbers:
    def __init__(self):
        self.by_thread = {0: {}, 1: {}}
        self.rest = defaultdict(list)

    def count(self, thread, word):
        if word not in self.by_thread[thread]:
            self.by_thread[thread][word] = 0
        self.by_thread[thread][word] += 1
        if self.rest.get(thread):
            self.rest[thread].pop()


def main():
    numbers = Numbers()
    threads = [threading.Thread(target=numbers.count, args=(number, "a")) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers.by_thread == {0: {"a": 1}, 1: {"a": 1}}
    assert not numbers.rest


if __name__ == "__main__":
    main()
