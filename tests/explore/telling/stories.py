"""Programs with one bug each, which stories are told of."""

from __future__ import annotations

TOGETHER = """
import threading


def together(*targets, **named):
    threads = [threading.Thread(target=one) for one in targets]
    threads += [threading.Thread(target=one, name=name) for name, one in named.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


"""

LOST = """
class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0

    def deposit(self):
        with self.lock:
            before = self.balance
        with self.lock:
            self.balance = before + 10


def body():
    account = Account()
    together(a=account.deposit, b=account.deposit)
    assert account.balance == 20
"""

LOST_BOTH = """
class Page:
    def __init__(self):
        self.lock = threading.Lock()
        self.hits = self.size = 0

    def show(self):
        with self.lock:
            hits, size = self.hits, self.size
        with self.lock:
            self.hits = hits + 1
            self.size = size + 10


def body():
    page = Page()
    together(a=page.show, b=page.show)
    assert page.size == 20
"""

TORN = """
class Range:
    def __init__(self):
        self.low, self.high = 0, 9

    def move(self):
        self.low, self.high = 10, 19

    def widen(self):
        low, high = self.low, self.high
        yield
        assert (low, self.high) != (0, 19)


def body():
    span = Range()
    together(moves=span.move, looks=lambda: list(span.widen()))
"""

TWICE = """
class Number:
    def __init__(self):
        self.lock = threading.Lock()
        self.n = 0

    def get(self):
        with self.lock:
            return self.n

    def raised(self):
        with self.lock:
            self.n = 1

    def compare(self):
        before = self.get()
        assert before == self.get()


def body():
    number = Number()
    together(raises=number.raised, reads=number.compare)
"""

DECIDED = """
class Ledger:
    def __init__(self):
        self._lock = threading.Lock()
        self.balance = 100

    def withdraw(self):
        if self.balance >= 80:
            with self._lock:
                self.balance -= 80

    def lower(self):
        with self._lock:
            self.balance = 30


def body():
    ledger = Ledger()
    together(w=ledger.withdraw, other=ledger.lower)
    assert ledger.balance in (30, 20) and ledger.balance >= 0
"""

ITERATED = """
class Rooms:
    def __init__(self):
        self.people = {"red": 1, "blue": 2}

    def count(self):
        total = 0
        for name in self.people:
            total += self.people[name]
        return total

    def open(self):
        self.people["green"] = 0


def body():
    rooms = Rooms()
    together(counts=rooms.count, opens=rooms.open)
"""

EARLY = """
class Config:
    def __init__(self):
        self.value = None

    def load(self):
        self.value = {"host": "here"}

    def use(self):
        return self.value["host"]


def body():
    config = Config()
    together(loader=config.load, user=config.use)
"""

ABBA = """
class Pair:
    def __init__(self):
        self.a = threading.Lock()
        self.b = threading.Lock()

    def forwards(self):
        with self.a, self.b:
            pass

    def backwards(self):
        with self.b, self.a:
            pass


def body():
    pair = Pair()
    together(one=pair.forwards, two=pair.backwards)
"""

MISSED = """
class Gate:
    def __init__(self):
        self.open = False
        self.changed = threading.Condition()

    def wait(self):
        if not self.open:
            with self.changed:
                self.changed.wait()

    def unlock(self):
        with self.changed:
            self.open = True
            self.changed.notify_all()


def body():
    gate = Gate()
    together(waits=gate.wait, opens=gate.unlock)
"""

ITSELF = """
def body():
    lock = threading.Lock()
    with lock:
        with lock:
            pass
"""

OVERWRITTEN = """
class Tickets:
    def __init__(self):
        self.last = 0

    def draw(self, found):
        self.last += 1
        found.append(self.last)


def body():
    tickets, found = Tickets(), []
    together(a=lambda: tickets.draw(found), b=lambda: tickets.draw(found))
    assert len(set(found)) == 2, found
"""

RACE = """
class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        for _ in range(30):
            self.n += 1


def body():
    counter = Counter()
    together(a=counter.add, b=counter.add)
"""

TASKS = """
import asyncio


class Counter:
    def __init__(self):
        self.n = 0

    async def add(self):
        n = self.n
        await asyncio.sleep(0)
        self.n = n + 1


async def later(counter):
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await counter.add()


async def main():
    counter = Counter()
    await asyncio.gather(counter.add(), later(counter))
    assert counter.n == 2


def body():
    asyncio.run(main())
"""

EATEN = """
import asyncio


class Stack:
    def __init__(self):
        self.items = ["only"]

    async def take(self):
        if self.items:
            await asyncio.sleep(0)
            return self.items.pop()


async def later(stack):
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await stack.take()


async def main():
    stack = Stack()
    await asyncio.gather(stack.take(), later(stack))


def body():
    asyncio.run(main())
"""
