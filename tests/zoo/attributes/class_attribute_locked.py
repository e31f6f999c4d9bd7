"""A total kept on the class, under a lock of the class."""

import threading


class Order:
    lock = threading.Lock()
    total = 0

    def place(self):
        with Order.lock:
            Order.total += 1


def main():
    before = Order.total
    threads = [threading.Thread(target=Order().place), threading.Thread(target=Order().place)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Order.total == before + 2


if __name__ == "__main__":
    main()
