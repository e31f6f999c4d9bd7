"""`setdefault` looks and stores in one step."""

import threading


class Cache:
    def __init__(self):
        self.entries = {}

    def get(self, key):
        return self.entries.setdefault(key, 1)


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
    assert cache.entries == {"k": 1}


if __name__ == "__main__":
    main()
