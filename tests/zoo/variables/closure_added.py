"""Two threads share a variable of the function that made them."""

import threading


def main():
    count = 0

    def add():
        nonlocal count
        count += 1  # expect: RC101 main.count

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
