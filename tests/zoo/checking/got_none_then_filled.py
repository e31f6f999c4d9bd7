"""Fetched into a local, and stored if that was None."""

import threading


class Cache:
    def __init__(self):
        self.entries = {}

    def get(self, key):
        found = self.entries.get(key)  # expect: RC214 Cache.entries['k']
        if found is None:
            found = object()
            self.entries[key] = found  # expect: RC214 Cache.entries['k']
        return found


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
