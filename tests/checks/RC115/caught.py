"""Loops whose failure is caught around them, and loops where it is not, or where there is none."""

import threading


class Hub:
    def __init__(self):
        self.names = {}
        self.order = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        number = 0
        while True:
            number += 1
            self.names[number] = str(number)
            self.order.append(number)
            if number > 10:
                del self.names[number - 10]
                self.order.remove(number - 10)

    def told(self):
        try:
            for name in self.names.values():
                print(name)
        except RuntimeError:
            print("changed meanwhile")

    def untold(self):
        try:
            for name in self.names.values():  # RC115
                print(name)
        except KeyError:
            print("no such name")

    def skipped(self):
        try:
            for number in self.order:  # RC115
                print(number)
        except Exception:
            print("never happens")
