"""A list and what belongs to it change under one lock, also through a local name."""

import threading


class Basket:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = []
        self.total = 0

    def put(self, price):
        with self.lock:
            items = self.items
            if len(items) < 10:
                items.append(price)
                self.total += price

    def clear(self):
        with self.lock:
            for price in self.items:
                self.total -= price
            self.items = []


def main():
    basket = Basket()
    threads = [
        threading.Thread(target=lambda: basket.put(1)),
        threading.Thread(target=basket.clear),
        threading.Thread(target=lambda: basket.put(2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert basket.total == sum(basket.items)


if __name__ == "__main__":
    main()
