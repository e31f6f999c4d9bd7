"""The state of a request lives on its handler, one for each."""

import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def setup(self):
        super().setup()
        self.sent = 0

    def handle(self):
        for _ in range(3):
            self.wfile.write(b"x")
            self.sent += 1


class Server(socketserver.ThreadingTCPServer):
    pass


def main():
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        clients = [socket.create_connection(server.server_address) for _ in range(2)]
        for client in clients:
            while client.recv(3):
                pass
            client.close()
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main()
