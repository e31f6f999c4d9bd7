"""A global is read in one statement and stored, larger, in the next but one."""

import threading

hits = 0


def count():
    global hits
    seen = hits  # expect: RC101 global_long_form.hits
    seen += 1
    hits = seen  # expect: RC101 global_long_form.hits


def main():
    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
