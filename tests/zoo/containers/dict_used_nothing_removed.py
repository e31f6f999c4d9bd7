"""A key is looked for and then read; others only ever add keys."""

import threading


class Users:
    def __init__(self):
        self.names = {1: "ann"}
        self.greeted = ""

    def greet(self):
        if 1 in self.names:
            self.greeted = self.names[1]

    def meet(self):
        self.names[2] = "bob"


def main():
    users = Users()
    threads = [threading.Thread(target=users.greet), threading.Thread(target=users.meet)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert users.greeted == "ann"


if __name__ == "__main__":
    main()
