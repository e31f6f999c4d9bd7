"""Each thread runs a generator of its own over a list of its own."""

import threading


def numbers(items):
    for item in items:
        items[0] += item
        yield items[0]


def work(results):
    for number in numbers([1, 2, 3]):
        results.append(number)


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
    assert results[0] == results[1] == [2, 4, 7]


if __name__ == "__main__":
    main()
