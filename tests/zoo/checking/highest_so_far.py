"""The maximum so far is compared and stored."""

import threading


class Peak:
    def __init__(self):
        self.high = 0

    def see(self, value):
        if value > self.high:  # expect: RC214 Peak.high
            self.high = value  # expect: RC214 Peak.high


def main():
    peak = Peak()
    threads = [
        threading.Thread(target=lambda: peak.see(1)),
        threading.Thread(target=lambda: peak.see(2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
