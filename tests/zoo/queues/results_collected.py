"""Workers send their results; the main thread adds them up."""

import queue
import threading


class Result:
    def __init__(self, value):
        self.value = value


def work(results, number):
    result = Result(number)
    result.value *= 2
    results.put(result)


def main():
    results = queue.Queue()
    threads = [threading.Thread(target=work, args=(results, n)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    total = 0
    for _ in threads:
        result = results.get()
        result.value += 1
        total += result.value
    for thread in threads:
        thread.join()
    assert total == 8


if __name__ == "__main__":
    main()
