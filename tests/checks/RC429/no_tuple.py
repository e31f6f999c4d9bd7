"""args that are no tuple."""

import multiprocessing
import queue
import threading


class Job:
    def run(self, *args):
        print(args)

    def start(self):
        threading.Thread(target=self.run, args=(self)).start()  # RC429


def work(*args):
    print(args)


def start_all(name: str, results: queue.Queue):
    workers = [
        threading.Thread(target=work, args=("abc")),  # RC429
        threading.Thread(target=work, args=5),  # RC429
        threading.Thread(target=work, args=(name)),  # RC429
        threading.Thread(target=work, args=(results)),  # RC429
        multiprocessing.Process(target=work, args=("child")),  # RC429
        threading.Timer(1.0, work, "later"),  # RC429
        threading.Timer(1.0, work, args=(3.5)),  # RC429
        threading.Thread(None, work, "name", "args"),  # RC429
    ]
    for worker in workers:
        worker.start()
