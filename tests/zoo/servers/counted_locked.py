"""The handlers of a threading server count under the lock of the server."""

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
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        clients = [socket.create_connection(server.server_address) for _ in range(2)]
        for client in clients:
            client.recv(1)
            client.close()
        server.shutdown()
        thread.join()
    assert server.hits == 2


if __name__ == "__main__":
    main()
