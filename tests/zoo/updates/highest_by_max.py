"""The maximum so far is kept by max()."""

import threading


class Peak:
    def __init__(self):
        self.high = 0

    def see(self, value):
        self.high = max(self.high, value)  # expect: RC101 Peak.high


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
