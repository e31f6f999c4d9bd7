"""A global flag is waited for before the results are changed."""

import threading
import time

done = False


class Results:
    def __init__(self):
        self.total = 0


def work(results):
    global done
    results.total += 1
    done = True


def main():
    results = Results()
    thread = threading.Thread(target=work, args=(results,))
    thread.start()
    while not done:
        time.sleep(0.001)
    results.total += 1
    thread.join()


if __name__ == "__main__":
    main()
