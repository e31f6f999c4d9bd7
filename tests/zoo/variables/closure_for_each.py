"""A factory makes a closure for each thread: they share nothing."""

import threading


def make_counter():
    count = 0

    def add():
        nonlocal count
        count = count + 1
        return count

    return add


def main():
    counters = [make_counter(), make_counter()]
    threads = [threading.Thread(target=counters[0]), threading.Thread(target=counters[1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [add() for add in counters] == [2, 2]


if __name__ == "__main__":
    main()
