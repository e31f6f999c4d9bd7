"""Membership is tested before the item is removed."""

import threading


class Team:
    def __init__(self):
        self.members = ["a", "a", "b"]

    def leave(self):
        if "a" in self.members:  # expect: RC214 Team.members
            self.members.remove("a")  # expect: RC214 Team.members


def main():
    team = Team()
    threads = [threading.Thread(target=team.leave) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
