"""Two threads add to one global variable under a global lock."""

import threading

hits = 0
lock = threading.Lock()


def count():
    global hits
    with lock:
        hits += 1


def main():
    global hits
    hits = 0
    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hits == 2


if __name__ == "__main__":
    main()
