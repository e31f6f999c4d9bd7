"""The second lock is taken by a method of another object, called under the first one."""

import os
import threading


class Stock:
    def __init__(self):
        self.lock = threading.Lock()
        self.orders = None

    def take(self):
        with self.lock:  # expect: RC309
            pass

    def check(self):
        with self.lock:  # expect: RC309
            self.orders.cancel()


class Orders:
    def __init__(self, stock):
        self.lock = threading.Lock()
        self.stock = stock

    def place(self):
        with self.lock:  # expect: RC309
            self.stock.take()

    def cancel(self):
        with self.lock:  # expect: RC309
            pass


def main():
    stock = Stock()
    orders = stock.orders = Orders(stock)
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:

        def forth():
            orders.place()
            writer.write(b"x")

        def back():
            reader.read(1)
            stock.check()

        threads = [threading.Thread(target=forth), threading.Thread(target=back)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
