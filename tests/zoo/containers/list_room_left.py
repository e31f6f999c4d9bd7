"""The length is compared with a limit before an item is appended."""

import threading


class Room:
    def __init__(self):
        self.guests = []

    def enter(self, name):
        if len(self.guests) < 1:  # expect: RC214 Room.guests
            self.guests.append(name)  # expect: RC214 Room.guests


def main():
    room = Room()
    threads = [
        threading.Thread(target=lambda: room.enter("a")),
        threading.Thread(target=lambda: room.enter("b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
