"""Locks made in the statement that takes them."""

import asyncio
import multiprocessing as mp
import threading
from threading import RLock as Reentrant


class Accounts:
    """Sums per customer, fed by request handlers."""

    def __init__(self):
        self.sums = {}

    def add(self, customer, amount):
        with threading.Lock():  # RC301
            self.sums[customer] = self.sums.get(customer, 0) + amount

    def move(self, source, target, amount):
        with Reentrant() as guard:  # RC301
            print("moving under", guard)
            self.add(source, -amount)
            self.add(target, amount)

    def both(self, other):
        with other.lock, threading.Lock():  # RC301
            self.sums.update(other.sums)


async def download(session, urls):
    results = []
    for url in urls:
        async with asyncio.Lock():  # RC301
            results.append(await session.get(url))
    return results


def write_all(rows, path):
    with mp.Lock():  # RC301
        with open(path, "a") as stream:
            stream.writelines(rows)


def report(accounts, path):
    threads = [threading.Thread(target=accounts.add, args=(name, 1)) for name in path]
    for thread in threads:
        thread.start()
