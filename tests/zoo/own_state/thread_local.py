"""Each thread has its own attributes of a threading.local."""

import threading

mine = threading.local()


def work(results):
    mine.count = 0
    for _ in range(5):
        mine.count += 1
    results.append(mine.count)


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
    assert results == ([5], [5])


if __name__ == "__main__":
    main()
