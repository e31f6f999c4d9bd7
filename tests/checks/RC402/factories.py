"""Calls whose result is what should run."""

import functools
import operator
import threading
from concurrent.futures import ThreadPoolExecutor


def make(name):
    def work():
        print(name)

    return work


def choose(name, table):
    return table[name]


@functools.cache
def cached(name):
    print(name)


class Task:
    def __init__(self, name):
        self.name = name

    def __call__(self):
        print(self.name)

    def bound(self):
        return self.__call__

    def job(self):
        raise NotImplementedError


def start(table, strange):
    workers = [
        threading.Thread(target=make("a")),
        threading.Thread(target=choose("a", table)),
        threading.Thread(target=functools.partial(print, "a")),
        threading.Thread(target=operator.methodcaller("run")),
        threading.Thread(target=Task("a")),
        threading.Thread(target=Task("a").bound()),
        threading.Thread(target=Task("a").job()),
        threading.Thread(target=cached("a")),
        threading.Thread(target=strange()),
    ]
    for worker in workers:
        worker.start()
    with ThreadPoolExecutor() as pool:
        print(pool.submit(make("b")).result())
