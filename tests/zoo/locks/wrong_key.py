"""A lock for each key, but the item is one that both keys lead to."""

import threading


class Item:
    def __init__(self):
        self.count = 0


class Store:
    def __init__(self):
        self.locks = {"a": threading.Lock(), "b": threading.Lock()}
        self.items = dict.fromkeys("ab", Item())

    def add(self, key):
        with self.locks[key]:
            item = self.items[key]
            item.count += 1  # expect: RC101 Item.count


def main():
    store = Store()
    threads = [threading.Thread(target=store.add, args=(key,)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
