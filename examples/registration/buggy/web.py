"""HTTP: one thread a request, JSON in and out."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .errors import Refused

if TYPE_CHECKING:
    from .service import Service


class Server(ThreadingHTTPServer):
    """Knows the service; closing it waits for the requests under way."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        super().__init__(address, Handler)
        self.service = service


class Handler(BaseHTTPRequestHandler):
    """One request. A new object is made for each, so `self` is never shared."""

    server: Server
    timeout = 10

    def do_GET(self) -> None:
        """Reading."""
        self._answer(self._read)

    def do_POST(self) -> None:
        """Changing."""
        self._answer(self._change)

    def _read(self, service: Service, path: str) -> tuple[int, Any]:
        match path.split("/")[1:]:
            case ["goods"]:
                return 200, service.goods.listing()
            case ["cart"]:
                return 200, service.carts.content(self._user(service))
            case ["statistics"]:
                return 200, service.figures()
            case ["events", number] if number.isdigit():
                events = service.events.after(int(number))
                return 200, [vars(event) for event in events]
        raise Refused(404, "no such page")

    def _change(self, service: Service, path: str) -> tuple[int, Any]:
        body = self._body()
        match path:
            case "/sign-up":
                return 201, service.sign_up(str(body.get("name")), str(body.get("password")))
            case "/login":
                return 200, service.log_in(str(body.get("name")), str(body.get("password")))
            case "/logout":
                service.sessions.close(self._token())
                return 200, {}
            case "/cart":
                good, count = str(body.get("good")), int(body.get("count", 1))
                service.carts.add(self._user(service), good, count)
                return 200, {"good": good}
            case "/checkout":
                return 200, service.check_out(self._user(service))
        raise Refused(404, "no such page")

    def _answer(self, action: Any) -> None:
        """Run the action; whatever it raises becomes a status."""
        service = self.server.service
        begin = time.perf_counter()
        try:
            status, reply = action(service, self.path)
        except Refused as refusal:
            status, reply = refusal.status, {"error": refusal.reason}
        except ValueError as problem:
            status, reply = 400, {"error": str(problem)}
        data = json.dumps(reply).encode()
        service.counters.bump(f"{self.command} {status}", time.perf_counter() - begin)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        if not isinstance(body, dict):
            raise Refused(400, "the body must be a JSON object")
        return body

    def _token(self) -> str:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def _user(self, service: Service) -> str:
        user = service.sessions.user_of(self._token())
        if user is None:
            raise Refused(401, "log in first")
        return user

    def log_message(self, format: str, *args: object) -> None:
        """The counters are log enough."""
