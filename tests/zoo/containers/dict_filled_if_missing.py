"""A key is looked for, and stored if it is missing: both threads can find it missing."""

import threading


class Cache:
    def __init__(self):
        self.entries = {}

    def get(self, key):
        if key not in self.entries:  # expect: RC214 Cache.entries['k']
            self.entries[key] = object()  # expect: RC214 Cache.entries['k']


def main():
    cache = Cache()
    threads = [
        threading.Thread(target=lambda: cache.get("k")),
        threading.Thread(target=lambda: cache.get("k")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
