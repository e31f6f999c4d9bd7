"""Once the server is closed its handlers have been joined, and what they did may be used."""

import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        with self.server.lock:
            self.server.hits += 1
        self.wfile.write(b"x")


class Server(socketserver.ThreadingTCPServer):
    hits = 0
    lock = threading.Lock()


def main():
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    client = socket.create_connection(server.server_address)
    client.recv(1)
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()
    server.hits += 1
    assert server.hits == 2


if __name__ == "__main__":
    main()
