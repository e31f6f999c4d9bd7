"""The handlers of a threading server count on the server without a lock."""

import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.together.wait()
        self.server.hits += 1  # expect: RC101 Server.hits
        self.wfile.write(b"x")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    hits = 0
    together = threading.Barrier(2)


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


if __name__ == "__main__":
    main()
