"""One thread stores a flag, another one reads it: each is atomic by itself."""

import threading


class Worker:
    def __init__(self):
        self.done = False
        self.seen = []

    def finish(self):
        self.done = True  # note: RC101 Worker.done

    def look(self):
        found = self.done  # note: RC101 Worker.done
        self.seen.append(found)


def main():
    worker = Worker()
    threads = [threading.Thread(target=worker.finish), threading.Thread(target=worker.look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(worker.seen) == 1


if __name__ == "__main__":
    main()
