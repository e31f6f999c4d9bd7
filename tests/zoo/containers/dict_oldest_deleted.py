"""The oldest key is looked up and then deleted: another thread may have deleted it."""

import threading


class Cache:
    def __init__(self):
        self.entries = {"a": 1, "b": 2, "c": 3}

    def evict(self):
        oldest = next(iter(self.entries), None)  # expect: RC214 Cache.entries
        if oldest is not None:
            del self.entries[oldest]  # expect: RC214 Cache.entries


def main():
    cache = Cache()
    threads = [threading.Thread(target=cache.evict) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
