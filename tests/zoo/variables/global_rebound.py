"""A global is rebound by one thread and read by the other: the old value or the new one."""

import threading

current = "old"


def publish():
    global current
    current = "new"  # note: RC101 global_rebound.current


def look(seen):
    seen.append(current)  # note: RC101 global_rebound.current


def main():
    seen = []
    threads = [threading.Thread(target=publish), threading.Thread(target=look, args=(seen,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen in (["old"], ["new"])


if __name__ == "__main__":
    main()
