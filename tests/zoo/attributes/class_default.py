"""Each object reads the default of its class and stores its own value: nothing is shared."""

import threading


class Order:
    total = 0

    def place(self):
        self.total += 1


def main():
    orders = [Order(), Order()]
    threads = [threading.Thread(target=orders[0].place), threading.Thread(target=orders[1].place)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [order.total for order in orders] == [1, 1]


if __name__ == "__main__":
    main()
