"""Small programs for the machine: five bugs, and some that are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.explore.machine import Body, Machine, Program


def both(machine: Machine, *bodies: Callable[[], Body], check: Callable[[], None]) -> Body:
    """Start all, join all, look at what came out."""
    agents = []
    for body in bodies:
        agents.append((yield machine.start(body)))
    for agent in agents:
        yield machine.join(agent)
    check()


def main_of(machine: Machine, *bodies: Callable[[], Body], **holds: Any) -> Callable[[], Body]:
    def check() -> None:
        for name, value in holds.items():
            assert machine.vars.get(name, 0) == value, f"{name} is {machine.vars.get(name, 0)}"

    return lambda: both(machine, *bodies, check=check)


def lost_update(machine: Machine) -> Callable[[], Body]:
    def add() -> Body:
        value = yield machine.read("n")
        yield machine.write("n", value + 1)

    return main_of(machine, add, add, n=2)


def check_then_act(machine: Machine) -> Callable[[], Body]:
    machine.vars["balance"] = 100

    def withdraw() -> Body:
        balance = yield machine.read("balance")
        if balance < 80:
            return
        yield machine.acquire("lock")
        balance = yield machine.read("balance")
        yield machine.write("balance", balance - 80)
        yield machine.release("lock")

    return main_of(machine, withdraw, withdraw, balance=20)


def _ordered(machine: Machine, *names: str) -> Callable[[], Body]:
    def body() -> Body:
        for name in names:
            yield machine.acquire(name)._replace(place=f"{names}:acquire {name}")
        for name in reversed(names):
            yield machine.release(name)._replace(place=f"{names}:release {name}")

    return body


def abba(machine: Machine) -> Callable[[], Body]:
    return main_of(machine, _ordered(machine, "a", "b"), _ordered(machine, "b", "a"))


def three_locks(machine: Machine) -> Callable[[], Body]:
    pairs = ("a", "b"), ("b", "c"), ("c", "a")
    return main_of(machine, *(_ordered(machine, *pair) for pair in pairs))


def order_violation(machine: Machine) -> Callable[[], Body]:
    """The user of what somebody else sets up: nothing says that it comes later."""

    def set_up() -> Body:
        yield machine.read("config")
        yield machine.write("ready", 1)

    def use() -> Body:
        ready = yield machine.read("ready")
        assert ready, "not ready"

    return main_of(machine, set_up, use)


def locked(machine: Machine) -> Callable[[], Body]:
    def add() -> Body:
        yield machine.acquire("lock")
        value = yield machine.read("n")
        yield machine.write("n", value + 1)
        yield machine.release("lock")

    return main_of(machine, add, add, n=2)


def gate(machine: Machine) -> Callable[[], Body]:
    """Both orders, but never at once."""
    bodies = _ordered(machine, "gate", "a", "b"), _ordered(machine, "gate", "b", "a")
    return main_of(machine, *bodies)


def spinning(machine: Machine) -> Callable[[], Body]:
    def spin() -> Body:
        while not (yield machine.ask("flag")):
            pass

    def raise_flag() -> Body:
        yield machine.read("n")
        yield machine.write("flag", 1)

    return main_of(machine, spin, raise_flag)


def spinning_blindly(machine: Machine) -> Callable[[], Body]:
    """A loop that reads an attribute: nothing says that it waits."""

    def spin() -> Body:
        while not (yield machine.read("flag")):
            pass

    def raise_flag() -> Body:
        yield machine.read("n")
        yield machine.write("flag", 1)

    return main_of(machine, raise_flag, spin)


def in_a_loop(machine: Machine) -> Callable[[], Body]:
    """An update is lost only if the first agent is stopped in its third round."""

    def adding() -> Body:
        for round_ in range(3):
            yield machine.write("round", round_)
            value = yield machine.read("n")
            yield machine.write("n", value + 1)

    def late() -> Body:
        round_ = yield machine.read("round")
        if round_ == 2:
            value = yield machine.read("n")
            yield machine.write("n", value + 10)

    def check() -> None:
        assert machine.vars["n"] in (3, 13), f"n is {machine.vars['n']}"

    return lambda: both(machine, adding, late, check=check)


def picking(machine: Machine) -> Callable[[], Body]:
    """Fails with one of the ways in which something else than agents is chosen."""

    def pick() -> Body:
        number = yield machine.number(4)
        seen = yield machine.read("seen")
        assert not (number == 3 and seen), "the fourth one, late"

    def see() -> Body:
        yield machine.write("seen", 1)

    return main_of(machine, pick, see)


def listed(*rows: list[tuple[str, str]]) -> Program:
    """A program of lists: for each agent what it does, to which variable or lock.

    What is written depends on all that was read, so that orders can be told by the end.
    """

    def program(machine: Machine) -> Callable[[], Body]:
        def body(at: int) -> Callable[[], Body]:
            def run() -> Body:
                seen = at + 1
                for line, (kind, name) in enumerate(rows[at]):
                    if kind == "spin":
                        while not (yield machine.ask(name)._replace(place=f"{at}:{line}")):
                            pass
                        continue
                    value = seen if kind == "write" else None
                    op = machine.write(name, value) if value else getattr(machine, kind)(name)
                    got = yield op._replace(place=f"{at}:{line}")
                    seen = seen * 7 + got if isinstance(got, int) else seen
                machine.vars[f"seen by {at}"] = seen

            return run

        return main_of(machine, *(body(at) for at in range(len(rows))))

    return program


BUGS: dict[str, Program] = {
    "lost update": lost_update,
    "check then act": check_then_act,
    "two locks": abba,
    "three locks": three_locks,
    "order violation": order_violation,
}
RIGHT: dict[str, Program] = {"locked": locked, "gate": gate, "spinning": spinning}
