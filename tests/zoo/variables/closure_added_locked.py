"""A variable of the enclosing function, under a lock of the enclosing function."""

import threading


def main():
    count = 0
    lock = threading.Lock()

    def add():
        nonlocal count
        with lock:
            count += 1

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == 2


if __name__ == "__main__":
    main()
