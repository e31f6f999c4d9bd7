"""Two threads of one subclass add to an attribute of the class."""

import threading


class Worker(threading.Thread):
    total = 0

    def run(self):
        Worker.total += 1  # expect: RC101 Worker.total


def main():
    workers = [Worker(), Worker()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
