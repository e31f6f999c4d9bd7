"""Looked at and then used, while another thread closes it."""
# expect: fails exception AttributeError
# switches: 1
# expect: fails race RC214 Client.connection
# switches: 0

import threading


class Connection:
    def send(self, text):
        return len(text)


class Client:
    def __init__(self):
        self.connection = Connection()

    def send(self):
        if self.connection is not None:
            self.connection.send("hello")

    def close(self):
        self.connection = None


def test():
    client = Client()
    threads = [threading.Thread(target=client.send), threading.Thread(target=client.close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
