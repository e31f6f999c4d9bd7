"""A total kept on the class is shared by all of its instances."""

import threading


class Order:
    total = 0

    def place(self):
        Order.total += 1  # expect: RC101 Order.total


def main():
    threads = [threading.Thread(target=Order().place), threading.Thread(target=Order().place)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
