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


def ready(name):
    return name.isidentifier()


class Names:
    """The call comes between the test and the lookup."""

    def __init__(self):
        self._numbers = {}
        threading.Thread(target=self._run).start()

    def _run(self):
        for name in list(self._numbers):
            self._numbers.pop(name)

    def number(self, name):
        if name in self._numbers:  # RC201
            return self._numbers[name] if ready(name) else 0
        return 0
