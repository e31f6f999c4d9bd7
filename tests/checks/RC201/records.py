"""A second record in the place of the first: what was put into it meanwhile is lost."""

import threading


class Room:
    def __init__(self):
        self.guests = []


class House:
    def __init__(self):
        self._rooms = {}
        threading.Thread(target=self._run).start()

    def open(self, names):
        for name in names:
            if name not in self._rooms:  # RC201
                print("opening", name)
                self._rooms[name] = Room()

    def _run(self):
        self.open(["hall"])
        for name in list(self._rooms):
            self._rooms.pop(name, None)
