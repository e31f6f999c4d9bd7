"""An item that exists is added to."""

import threading


class Stock:
    def __init__(self):
        self.pieces = {"nut": 5}

    def sell(self):
        self.pieces["nut"] -= 1  # expect: RC101 Stock.pieces['nut']


def main():
    stock = Stock()
    threads = [threading.Thread(target=stock.sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
