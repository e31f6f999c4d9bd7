"""A timer fires while the main thread counts as well."""

import threading


class Alarm:
    def __init__(self):
        self.rings = 0

    def ring(self):
        self.rings += 1  # expect: RC101 Alarm.rings


def main():
    alarm = Alarm()
    timer = threading.Timer(0.001, alarm.ring)
    timer.start()
    alarm.rings += 1  # expect: RC101 Alarm.rings
    timer.join()


if __name__ == "__main__":
    main()
