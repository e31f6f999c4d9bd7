"""`pop` with a default needs no look before."""

import threading


class Sessions:
    def __init__(self):
        self.open = {"s": 1}

    def close(self):
        return self.open.pop("s", None)


def main():
    sessions = Sessions()
    threads = [threading.Thread(target=sessions.close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sessions.open == {}


if __name__ == "__main__":
    main()
