"""A timer was started and is still waiting when all is over."""

import threading


def ring():
    pass


def main():
    timer = threading.Timer(600, ring)  # expect: RC427
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    main()
