"""An attribute that `__getattr__` makes up is nobody's state."""

import threading


class Settings:
    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        return self._values[name]


def look(settings, seen):
    for _ in range(3):
        seen.append(settings.level)


def main():
    settings, seen = Settings({"level": 7}), ([], [])
    threads = [
        threading.Thread(target=lambda: look(settings, seen[0])),
        threading.Thread(target=lambda: look(settings, seen[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen[0] == seen[1] == [7, 7, 7]


if __name__ == "__main__":
    main()
