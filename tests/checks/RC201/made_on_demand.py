"""A lookup that cannot fail, and one that can."""

import threading
from collections import defaultdict


class Screen:
    def __init__(self):
        self.rows = defaultdict(list)
        self.names = {}
        threading.Thread(target=self._shrink, daemon=True).start()

    def _shrink(self):
        while True:
            self.rows.pop(0, None)
            self.names.pop(0, None)

    def length(self, row):
        if row not in self.rows:
            return 0
        print(row)
        return len(self.rows[row])

    def name(self, row):
        if row not in self.names:  # RC201
            return ""
        print(row)
        return str(self.names[row])
