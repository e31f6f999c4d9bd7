"""Two objects share a counter of their class, but each brings its own lock."""

import threading


class Worker:
    done = 0

    def __init__(self):
        self.lock = threading.Lock()

    def work(self):
        with self.lock:
            Worker.done += 1  # expect: RC101 Worker.done


def main():
    threads = [threading.Thread(target=Worker().work), threading.Thread(target=Worker().work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
