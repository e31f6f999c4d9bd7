"""A dictionary is iterated while another thread stores a new result under a key that is there."""

import threading


def compute(key):
    return key * 2


class Results:
    def __init__(self):
        self.values = {0: 0, 1: 1}

    def replace(self):
        self.values[1] = compute(1)

    def total(self):
        result = 0
        for key in self.values:
            result += key
        return result


def main():
    results = Results()
    threads = [threading.Thread(target=results.replace), threading.Thread(target=results.total)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
