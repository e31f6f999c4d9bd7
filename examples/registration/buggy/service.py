"""All parts together: built, started and stopped in one place."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from .cart import Carts
from .console import Console
from .events import Event, EventBus
from .goods import Goods
from .mail import Letter, Mailer
from .sessions import Sessions, Sweeper
from .stats import Counters, Flusher
from .storage import Storage
from .users import Users
from .web import Server

CATALOGUE = {"mug": (900, 20), "pen": (250, 200), "bag": (3100, 5)}


class Service:
    """The registration service. `start` it, use `url`, `stop` it."""

    def __init__(self, port: int, database: str, statistics: Path | None = None) -> None:
        self.storage = Storage(database)
        self.events = EventBus()
        self.counters = Counters()
        self.users = Users(self.storage)
        self.sessions = Sessions()
        self.goods = Goods()
        self.carts = Carts(self.goods, self.storage)
        self.mailer = Mailer()
        self.sweeper = Sweeper(self.sessions)
        self.flusher = Flusher(self.counters, statistics)
        self.console = Console(self.users, self.goods, self.carts)
        self.server = Server(("127.0.0.1", port), self)
        self._web = threading.Thread(target=self.server.serve_forever, args=(0.05,), name="web")
        self._greeter = threading.Thread(target=self.greet())  # BUG RC402: greets here and now
        self._subscriptions = [
            self.events.subscribe("signed-up", self._welcome),
            self.events.subscribe("bought", self._confirm),
        ]

    @property
    def url(self) -> str:
        """Where the service answers."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def start(self) -> None:
        """Load what there is, then start the workers and serve."""
        loaders = [
            threading.Thread(target=self.goods.load, args=(CATALOGUE,), name="load-goods"),
            threading.Thread(target=self.users.restore, args=(100_000)),  # BUG RC429: no comma
        ]
        for loader in loaders:
            loader.start()
        for loader in loaders:
            loader.join()
        self._greeter.start()
        self.mailer.start()
        self.sweeper.start()
        self.flusher.start()
        self._web.start()

    def stop(self) -> None:
        """Log everybody out, finish the requests under way, send the letters, end every thread."""
        self.sessions.close_all()
        self.events.close()
        self.server.shutdown()
        self._web.join()
        self.server.server_close()
        for subscription in self._subscriptions:
            subscription.close()
        self.sweeper.stop()
        self.mailer.drain()
        self.mailer.stop()
        self.flusher.stop()
        self._greeter.join()
        self.storage.close()

    def greet(self) -> None:
        """Say where we are and how much there is to sell."""
        pieces = sum(line["stock"] for line in self.goods.listing().values())
        print(f"serving {pieces} pieces at {self.url}", flush=True)

    def sign_up(self, name: str, password: str) -> dict[str, int]:
        """A new user."""
        number = self.users.sign_up(name, password)
        self.events.publish("signed-up", name)
        return {"number": number}

    def log_in(self, name: str, password: str) -> dict[str, str]:
        """A new session."""
        self.users.check(name, password)
        return {"token": self.sessions.open(name)}

    def check_out(self, user: str) -> dict[str, int]:
        """Buy what is in the user's cart."""
        order, total = self.carts.check_out(user)
        self.events.publish("bought", user)
        return {"order": order, "total": total}

    def figures(self) -> dict[str, Any]:
        """The statistics page."""
        orders, turnover = self.storage.turnover()
        return {
            "requests": self.counters.snapshot(),
            "sessions": self.sessions.figures(),
            "mail": self.mailer.figures(),
            "orders": {"count": orders, "turnover": turnover},
        }

    def _welcome(self, event: Event) -> None:
        self.mailer.post(Letter(event.text, "welcome"))

    def _confirm(self, event: Event) -> None:
        self.mailer.post(Letter(event.text, "your order"))
