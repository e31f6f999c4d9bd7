"""A data descriptor keeps its value on the instance and updates it without a lock."""

import threading


class Summed:
    def __get__(self, instance, owner=None):
        return instance.kept

    def __set__(self, instance, value):
        instance.kept = instance.kept + value  # expect: RC101 Meter.kept


class Meter:
    total = Summed()

    def __init__(self):
        self.kept = 0

    def tick(self):
        self.total = 1


def main():
    meter = Meter()
    threads = [threading.Thread(target=meter.tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
