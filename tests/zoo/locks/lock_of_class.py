"""Two objects share a counter of their class and the lock of their class."""

import threading


class Worker:
    done = 0
    lock = threading.Lock()

    def work(self):
        with self.lock:
            Worker.done += 1


def main():
    threads = [threading.Thread(target=Worker().work), threading.Thread(target=Worker().work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Worker.done > 0


if __name__ == "__main__":
    main()
