"""A set within a dictionary is made if it is not there: who came first is forgotten."""

import threading


class Server:
    def __init__(self):
        self.rooms = {"chat": {}}

    def enter(self, namespace, room, client):
        if room not in self.rooms[namespace]:  # expect: RC214 Server.rooms['chat']['lobby']
            self.rooms[namespace][room] = set()  # expect: RC214 Server.rooms['chat']['lobby']
        self.rooms[namespace][room].add(client)


def main():
    server = Server()
    threads = [
        threading.Thread(target=server.enter, args=("chat", "lobby", number)) for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
