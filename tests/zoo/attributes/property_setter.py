"""The setter of a property changes the attribute behind it by an update of its own."""

import threading


class Tank:
    def __init__(self):
        self._level = 0

    @property
    def level(self):
        return self._level

    @level.setter
    def level(self, amount):
        self._level += amount  # expect: RC101 Tank._level

    def fill(self):
        self.level = 5


def main():
    tank = Tank()
    threads = [threading.Thread(target=tank.fill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
