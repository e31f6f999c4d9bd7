"""A switch is turned over: not is an update as well."""

import threading


class Switch:
    def __init__(self):
        self.on = False

    def press(self):
        self.on = not self.on  # expect: RC101 Switch.on


def main():
    switch = Switch()
    threads = [threading.Thread(target=switch.press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
