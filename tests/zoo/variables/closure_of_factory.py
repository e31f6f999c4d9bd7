"""A factory makes one closure; both threads call it."""

import threading


def make_counter():
    count = 0

    def add():
        nonlocal count
        count = count + 1  # expect: RC101 make_counter.count
        return count

    return add


def main():
    add = make_counter()
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
