"""A table made at import is read by everybody."""

import threading

TABLE = {"a": 1, "b": 2}


def look(key, seen):
    seen.append(TABLE[key])


def main():
    seen = ([], [])
    threads = [threading.Thread(target=look, args=("ab"[n], seen[n])) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ([1], [2])


if __name__ == "__main__":
    main()
