"""A context variable has its own value in each thread."""

import contextvars
import threading

counted = contextvars.ContextVar("counted", default=0)


def work(results):
    for _ in range(5):
        counted.set(counted.get() + 1)
    results.append(counted.get())


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
