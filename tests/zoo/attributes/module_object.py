"""The attribute of a module is a global variable, seen from outside."""

import threading
import types

settings = types.ModuleType("settings")
settings.level = 0


def raise_level():
    settings.level += 1  # expect: RC101 settings.level


def main():
    settings.level = 0
    threads = [threading.Thread(target=raise_level) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
