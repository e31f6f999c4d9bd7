"""What a thread is given was made before it was started."""

import threading


class Order:
    def __init__(self, pieces):
        self.pieces = pieces
        self.done = False


def handle(order, more):
    order.pieces += more
    order.done = True


def main():
    orders = [Order(1), Order(2)]
    threads = [
        threading.Thread(target=handle, args=(order,), kwargs={"more": 1}) for order in orders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(order.pieces, order.done) for order in orders] == [(2, True), (3, True)]


if __name__ == "__main__":
    main()
