"""Two threads add to one global variable."""

import threading

hits = 0


def count():
    global hits
    hits += 1  # expect: RC101 global_added.hits


def main():
    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
