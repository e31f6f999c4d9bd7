"""A generator that each thread makes for itself keeps its own variables."""

import threading


def running_total():
    total = 0
    while True:
        total += yield total


def work(results):
    totals = running_total()
    next(totals)
    for number in range(4):
        totals.send(number)
    results.append(totals.send(0))


def main():
    results = ([], [])
    threads = [
        threading.Thread(target=lambda: work(results[0])),
        threading.Thread(target=lambda: work(results[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ([6], [6])


if __name__ == "__main__":
    main()
