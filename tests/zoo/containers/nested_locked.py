"""A set within a dictionary is made if it is not there, under a lock."""

import threading


class Server:
    def __init__(self):
        self.lock = threading.Lock()
        self.rooms = {"chat": {}}

    def enter(self, namespace, room, client):
        with self.lock:
            if room not in self.rooms[namespace]:
                self.rooms[namespace][room] = set()
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
    assert server.rooms == {"chat": {"lobby": {0, 1}}}


if __name__ == "__main__":
    main()
