"""A timer that is cancelled in time runs nothing; its thread is joined."""

import threading


class Alarm:
    def __init__(self):
        self.rings = 0

    def ring(self):
        self.rings += 1


def main():
    alarm = Alarm()
    timer = threading.Timer(600, alarm.ring)
    timer.start()
    timer.cancel()
    alarm.rings += 1
    timer.join()
    assert alarm.rings == 1


if __name__ == "__main__":
    main()
