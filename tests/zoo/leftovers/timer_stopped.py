"""A timer was started, cancelled and joined."""

import threading


def ring():
    pass


def main():
    timer = threading.Timer(600, ring)
    timer.start()
    timer.cancel()
    timer.join()


if __name__ == "__main__":
    main()
