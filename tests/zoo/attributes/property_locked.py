"""Getter and setter take the lock; what is stored does not depend on what was read."""

import threading


class Tank:
    def __init__(self):
        self._lock = threading.RLock()
        self._level = 0

    @property
    def level(self):
        with self._lock:
            return self._level

    @level.setter
    def level(self, value):
        with self._lock:
            self._level = value

    def fill(self):
        with self._lock:
            self.level += 5


def main():
    tank = Tank()
    threads = [threading.Thread(target=tank.fill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tank.level == 10


if __name__ == "__main__":
    main()
