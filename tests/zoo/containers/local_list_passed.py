"""The list has no owner: it was handed to both threads."""

import threading


def take(items):
    if items:  # expect: RC214 items
        items.pop()  # expect: RC214 items


def main():
    jobs = [1, 2, 3]
    threads = [threading.Thread(target=take, args=(jobs,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
