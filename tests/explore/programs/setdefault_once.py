"""setdefault() is one step: both threads get the same list."""
# expect: passes
# switches: 0

import threading


class Groups:
    def __init__(self):
        self.members = {}

    def join(self, group, name):
        self.members.setdefault(group, []).append(name)


def test():
    groups = Groups()
    threads = [threading.Thread(target=groups.join, args=("g", name)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(groups.members["g"]) == ["a", "b"]
