"""Updates that lose each other's, beside those that only look like it."""
# also: RC101

import threading


def cost(number):
    return number + 1


class Total:
    """Both sides store what they computed from what they read."""

    def __init__(self):
        self._sum = 0
        threading.Thread(target=self._run).start()

    def _run(self):
        # This race is not acceptable: it loses whole steps.
        self._sum = cost(self._sum)  # RC106

    def add(self, amount):
        self._sum = cost(amount) + self._sum


class Shown:
    """Only the worker stores; who reads has the old sum or the new one."""

    def __init__(self):
        self._sum = 0
        threading.Thread(target=self._run).start()

    def _run(self):
        self._sum = cost(self._sum)

    def show(self):
        print(self._sum)


class Statistics:
    """One item of a dict, which both threads move on."""

    def __init__(self):
        self._items = {}
        threading.Thread(target=self._run).start()

    def _run(self):
        self._items["rest"] = cost(self._items["rest"])  # RC106

    def reset(self):
        self._items["rest"] = 0
