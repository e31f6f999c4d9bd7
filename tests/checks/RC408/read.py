"""Somebody looks, or there is nothing to see."""

import logging
import multiprocessing
from concurrent.futures import ThreadPoolExecutor


def convert(path):
    with open(path, "rb") as file:
        return len(file.read())


def quietly(path):
    try:
        convert(path)
    except Exception:
        logging.exception("not converted")


class Table:
    def map(self, function, rows):
        return [function(row) for row in rows]


def main(paths, table):
    with ThreadPoolExecutor() as executor:
        list(executor.map(convert, paths))
        sizes = executor.map(convert, paths)
        for size in sizes:
            print(size)
        executor.map(quietly, paths)
    with multiprocessing.Pool() as pool:
        pool.map(convert, paths)
    Table().map(convert, paths)
    table.map(convert, paths)
    map(print, paths)
