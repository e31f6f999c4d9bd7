"""A dictionary holds a lock for each key, and both threads take that of the same key."""

import threading


class Item:
    def __init__(self):
        self.count = 0


class Store:
    def __init__(self):
        self.locks = {"a": threading.Lock(), "b": threading.Lock()}
        self.items = {"a": Item(), "b": Item()}

    def add(self, key):
        with self.locks[key]:
            item = self.items[key]
            item.count += 1


def main():
    store = Store()
    threads = [threading.Thread(target=store.add, args=(key,)) for key in "aabb"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.items[key].count for key in "ab"] == [2, 2]


if __name__ == "__main__":
    main()
