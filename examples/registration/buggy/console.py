"""The operator's commands, read and carried out by a thread of their own."""

from __future__ import annotations

import threading

from .cart import Carts
from .errors import Refused
from .goods import Goods
from .users import Users

HELP = "users, unlock, add NAME PASSWORD, deliver GOOD COUNT, discontinue GOOD, quit"


class Console(threading.Thread):
    """Reads commands and carries them out, one by one, until `quit`."""

    def __init__(self, users: Users, goods: Goods, carts: Carts) -> None:
        super().__init__(name="console")
        self._users = users
        self._goods = goods
        self._carts = carts
        self.over = threading.Event()
        self.add_user = False  # BUG RC432: hides the method `add_user`, so `add` is a TypeError

    def name(self) -> str:  # BUG RC433: Thread.name is a property that others read as a string
        """What the answers start with."""
        return "shop"

    def run(self) -> None:
        """The thread: until the operator has enough."""
        while (line := input("> ")) != "quit":  # BUG RC434: only the operator can end this
            try:
                print(f"{self.name()}> {self.obey(line)}", flush=True)
            except (Refused, ValueError) as problem:
                print(f"{self.name()}: {problem}", flush=True)
        self.over.set()

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
                self.add_user = True
                return "users can be added from here"
            case _:
                return HELP

    def add_user(self, name: str, password: str) -> str:
        """Sign a user up from the console."""
        return f"{name} is number {self._users.sign_up(name, password)}"
