"""The function is called, its result is handed over."""

import asyncio
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class Mailer:
    def __init__(self):
        self.pool = ThreadPoolExecutor(2)
        self.sent = []

    def send(self, address):
        self.sent.append(address)

    def count(self) -> int:
        return len(self.sent)

    def start(self, address):
        threading.Thread(target=self.send(address)).start()  # RC402

    def later(self, address):
        timer = threading.Timer(3.0, self.send(address))  # RC402
        timer.start()

    def numbers(self):
        future = self.pool.submit(self.count())  # RC402
        return future.result()


async def fetch():
    await asyncio.sleep(1)


def rows():
    yield 1


def start_all():
    workers = [
        threading.Thread(target=fetch()),  # RC402
        multiprocessing.Process(target=rows()),  # RC402
        threading.Thread(target=time.sleep(5)),  # RC402
        threading.Thread(None, print("now")),  # RC402
    ]
    for worker in workers:
        worker.start()
