"""A data descriptor that guards what it keeps."""

import threading


class Summed:
    def __init__(self):
        self.lock = threading.Lock()

    def __get__(self, instance, owner=None):
        with self.lock:
            return instance.kept

    def __set__(self, instance, value):
        with self.lock:
            instance.kept = instance.kept + value


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
    assert meter.total == 2


if __name__ == "__main__":
    main()
