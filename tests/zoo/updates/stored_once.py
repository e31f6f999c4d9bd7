"""Two threads store a value that does not depend on what was there."""

import threading


class Result:
    def __init__(self):
        self.value = None

    def give(self):
        self.value = 42  # note: RC101 Result.value


def main():
    result = Result()
    threads = [threading.Thread(target=result.give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert result.value == 42


if __name__ == "__main__":
    main()
