"""The operator's commands. Lines are read on the main thread and carried out here."""

from __future__ import annotations

import queue
import threading

from .cart import Carts
from .errors import Refused
from .goods import Goods
from .users import Users

HELP = "users, unlock, add NAME PASSWORD, deliver GOOD COUNT, discontinue GOOD, quit"


class Console(threading.Thread):
    """Carries out commands one by one, so that a slow one does not hold up the reader."""

    def __init__(self, users: Users, goods: Goods, carts: Carts) -> None:
        super().__init__(name="console")
        self._users = users
        self._goods = goods
        self._carts = carts
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.may_add = False

    def title(self) -> str:
        """What the answers start with."""
        return "shop"

    def submit(self, line: str) -> None:
        """A line the operator typed."""
        self._lines.put(line)

    def run(self) -> None:
        """The thread: until the sentinel comes."""
        while (line := self._lines.get()) is not None:
            try:
                print(f"{self.title()}> {self.obey(line)}", flush=True)
            except (Refused, ValueError) as problem:
                print(f"{self.title()}: {problem}", flush=True)

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._lines.put(None)
        self.join()

    def obey(self, line: str) -> str:
        """Carry one command out; returns the answer."""
        match line.split():
            case ["users"]:
                return ", ".join(self._users.names()) or "nobody yet"
            case ["add", name, password]:
                return self.add_user(name, password)
            case ["deliver", good, count]:
                self._goods.put_back(good, int(count))
                return f"{count} more of {good}"
            case ["discontinue", good]:
                self._goods.discontinue(good, self._carts)
                return f"no more {good}"
            case ["unlock"]:
                self.may_add = True
                return "users can be added from here"
            case _:
                return HELP

    def add_user(self, name: str, password: str) -> str:
        """Sign a user up from the console, once that is allowed."""
        if not self.may_add:
            return "unlock first"
        return f"{name} is number {self._users.sign_up(name, password)}"
