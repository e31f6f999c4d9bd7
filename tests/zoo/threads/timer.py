"""A timer fires on a thread of its own; it is joined before its work is used."""

import threading


class Alarm:
    def __init__(self):
        self.rings = 0

    def ring(self):
        self.rings += 1


def main():
    alarm = Alarm()
    alarm.rings += 1
    timer = threading.Timer(0.001, alarm.ring)
    timer.start()
    timer.join()
    alarm.rings += 1
    assert alarm.rings == 3


if __name__ == "__main__":
    main()
