"""The findings of the example in the handbook, built by hand: what formats are tested with."""

from __future__ import annotations

from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from racecheck.report.result import Context, Problem, Result, Statistics
from racecheck.report.sources import SourceLines

LEDGER = '''\
"""Accounts that many threads use at once."""

import threading


class Ledger:
    def __init__(self, balance: int = 0) -> None:
        self._lock = threading.Lock()
        self.balance = balance
        self.history: list[int] = []

    def deposit(self, amount: int) -> None:
        with self._lock:
            self.balance += amount
            self.history.append(amount)

    def withdraw(self, amount: int) -> bool:
        if self.balance < amount:
            return False
        with self._lock:
            self.balance -= amount
            self.history.append(-amount)
        return True

    def settle(self, fee: int) -> None:
        self.balance -= fee

    def total(self) -> int:
        with self._lock:
            return self.balance


def transfer(source: Ledger, target: Ledger, amount: int) -> None:
    with source._lock:
        with target._lock:
            source.balance -= amount
            target.balance += amount
'''
WORKER = '''\
"""Nightly settlement, one thread per shard."""

from concurrent.futures import ThreadPoolExecutor

from bank.ledger import Ledger


def settle_all(ledger: Ledger, fees: list[int]) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        for fee in fees:
            pool.submit(ledger.settle, fee)
'''
TEXTS = {"bank/ledger.py": LEDGER, "bank/worker.py": WORKER}


def at(line: int, mark: str, path: str = "bank/ledger.py") -> Place:
    """The place of `mark` on a line."""
    column = TEXTS[path].splitlines()[line - 1].index(mark) + 1
    return Place(path, line, column, line, column + len(mark), mark)


def finding(code: str, name: str, message: str, *steps: Step, **more: object) -> Finding:
    """A likely error at its first step."""
    values: dict[str, object] = {
        "confidence": Confidence.LIKELY,
        "severity": Severity.ERROR,
        "subject": "Ledger.balance",
        "context": steps[0].function,
        **more,
    }
    return Finding(
        code=code, name=name, message=message, place=steps[0].place, steps=steps, **values
    )  # type: ignore[arg-type]


CHECK_THEN_ACT = finding(
    "RC110",
    "check-then-act",
    "Check, then act, on `Ledger.balance` without holding one lock",
    Step("check", at(18, "self.balance"), "Ledger.withdraw"),
    Step("act", at(21, "self.balance -= amount"), "Ledger.withdraw", held=("Ledger._lock",)),
    evidence=("between 1 and 2 another thread can change `balance`; the check is then stale",),
    help="move the `if` inside the `with`",
)
UNGUARDED = finding(
    "RC101",
    "unguarded-write",
    "Unguarded write to `Ledger.balance`",
    Step("update", at(26, "self.balance -= fee"), "Ledger.settle", "ThreadPoolExecutor workers"),
    Step("start", at(11, "pool.submit(ledger.settle, fee)", "bank/worker.py"), "settle_all"),
    evidence=("5 of 7 accesses hold `Ledger._lock`; the others are lines 18 and 26",),
)
LOCK_ORDER = finding(
    "RC201",
    "lock-order",
    "Two `Ledger._lock` can be taken in both orders",
    Step("acquire", at(34, "source._lock"), "transfer"),
    Step("wait", at(35, "target._lock"), "transfer", held=("source._lock",)),
    subject="Ledger._lock",
    confidence=Confidence.POSSIBLE,
    severity=Severity.WARNING,
    help="take the two locks in one fixed order, for example by a `Ledger` number",
)
RESULT = Result(
    findings=(CHECK_THEN_ACT, UNGUARDED, LOCK_ORDER),
    statistics=Statistics(
        files=2, named=2, parsed=2, lines=52, lines_parsed=52, linked=30, unresolved=1, rules=3
    ),
)
PROBLEM = Problem("missing-path", "no such file or folder: lost.py", path="lost.py")


def context(**changes: object) -> Context:
    """Surroundings with the texts above."""
    return Context(version="0.1.0", lines=SourceLines(TEXTS), **changes)  # type: ignore[arg-type]
